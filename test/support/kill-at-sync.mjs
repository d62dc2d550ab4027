// Loaded into the daemon before its own code. Once the file KILL_AT_SYNC exists, it holds a number: that of the call of
// FileHandle.sync() (fsync) from then on which the process does not survive.
import { existsSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'

const file = process.env.KILL_AT_SYNC
const handle = await open(process.execPath, 'r')
const prototype = Object.getPrototypeOf(handle)
await handle.close()
const { sync } = prototype
let calls = 0

prototype.sync = function (...given) {
  if (existsSync(file)) {
    calls += 1
    if (calls === Number(readFileSync(file, 'utf8'))) process.kill(process.pid, 'SIGKILL')
  }
  return sync.apply(this, given)
}
