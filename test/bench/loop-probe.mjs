// Loaded into the daemon before its own code. At SIGUSR2 it writes as JSON to PROBE_FILE how long the event loop was held
// up at worst since the last time, and the processor time of its own thread and of all threads, and begins anew.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const RESOLUTION_MS = 1
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
delay.enable()
let cpu = process.cpuUsage()
let own = ownCpuMs()

/** Linux counts it in nanoseconds: https://docs.kernel.org/scheduler/sched-stats.html. */
function ownCpuMs() {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
}

process.on('SIGUSR2', () => {
  const file = process.env.PROBE_FILE
  const { user, system } = process.cpuUsage(cpu)
  const worstDelayMs = Math.max(0, delay.max / 1e6 - RESOLUTION_MS)
  writeFileSync(
    `${file}.part`,
    JSON.stringify({ worstDelayMs, ownCpuMs: ownCpuMs() - own, cpuMs: (user + system) / 1e3 }),
  )
  renameSync(`${file}.part`, file)
  // What this took is not the daemon's.
  setImmediate(() => {
    cpu = process.cpuUsage()
    own = ownCpuMs()
    delay.reset()
  })
})
