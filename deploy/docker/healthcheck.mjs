/** Exit code 0 while the daemon of this container answers, otherwise 1. It reads where the daemon listens from its state directory. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const EVERYWHERE = { '0.0.0.0': '127.0.0.1', '::': '::1' }

try {
  const { host, port } = JSON.parse(
    readFileSync(join(process.env.WHATSAPPD_STATE_DIR ?? '/data/state', 'daemon.json'), 'utf8'),
  )
  const here = EVERYWHERE[host] ?? host
  const url = `http://${here.includes(':') ? `[${here}]` : here}:${port}/livez`
  const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(5000) })
  if (!ok) throw new Error(`${url} answered ${status}`)
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
