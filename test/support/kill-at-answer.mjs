// Loaded into the daemon before its own code. While the file KILL_AT_ANSWER exists, which holds `before` or `after` and the beginning of a
// path, the process does not survive its answer to a POST there: nothing of the answer leaves, or all of it does.
import { existsSync, readFileSync } from 'node:fs'
import { ServerResponse } from 'node:http'

const file = process.env.KILL_AT_ANSWER
const { writeHead } = ServerResponse.prototype

ServerResponse.prototype.writeHead = function (...given) {
  if (this.req.method === 'POST' && existsSync(file)) {
    const [when, path] = readFileSync(file, 'utf8').split(' ')
    const die = () => process.kill(process.pid, 'SIGKILL')
    if (this.req.url.startsWith(path) && when === 'before') die()
    if (this.req.url.startsWith(path)) this.once('finish', die)
  }
  return writeHead.apply(this, given)
}
