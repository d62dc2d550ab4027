// Loaded into the bot before its own code: a wall clock that jumps, as after a sandbox slept. Monotonic time goes on.
import { readFileSync } from 'node:fs'

const RealDate = Date
let offsetMs = 0
const now = () => RealDate.now() + offsetMs
function read() {
  try {
    offsetMs = Number(readFileSync(process.env.CLOCK_FILE, 'utf8')) || 0
  } catch {
    // No jump so far.
  }
}

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
})
read()
process.on('SIGUSR2', read)
