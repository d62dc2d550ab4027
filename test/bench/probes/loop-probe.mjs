// Loaded into the daemon before its own code. At SIGUSR2 it writes as JSON to PROBE_FILE how long the event loop was held
// up at worst since the last time, and the processor time of its own thread and of all threads, and begins anew.
import { openSync, readSync, renameSync, writeFileSync } from 'node:fs'

const RESOLUTION_MS = 1
/** Linux counts in nanoseconds what a thread ran and what it waited for a processor: https://docs.kernel.org/scheduler/sched-stats.html. */
const file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r')
const buffer = Buffer.alloc(128)
let cpu = process.cpuUsage()
let worstDelayMs = 0
let worstOwnDelayMs = 0
let last = read()
let begin = last

function read() {
  const length = readSync(file, buffer, 0, buffer.length, 0)
  const [ran, waited] = buffer.toString('latin1', 0, length).split(' ')
  return { at: performance.now(), ranMs: Number(ran) / 1e6, waitedMs: Number(waited) / 1e6 }
}

function look() {
  const now = read()
  const delayMs = now.at - last.at - RESOLUTION_MS
  worstDelayMs = Math.max(worstDelayMs, delayMs)
  worstOwnDelayMs = Math.max(worstOwnDelayMs, delayMs - (now.waitedMs - last.waitedMs))
  last = now
}

setInterval(look, RESOLUTION_MS).unref()

process.on('SIGUSR2', () => {
  look()
  const { user, system } = process.cpuUsage(cpu)
  const part = `${process.env.PROBE_FILE}.part`
  const reading = {
    worstDelayMs,
    worstOwnDelayMs,
    ownCpuMs: last.ranMs - begin.ranMs,
    cpuMs: (user + system) / 1e3,
  }
  writeFileSync(part, JSON.stringify(reading))
  renameSync(part, process.env.PROBE_FILE)
  // What this took is not the daemon's.
  setImmediate(() => {
    cpu = process.cpuUsage()
    begin = last = read()
    worstDelayMs = worstOwnDelayMs = 0
  })
})
