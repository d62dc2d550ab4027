import { readdirSync, readFileSync } from 'node:fs'

/** `CLK_TCK`: Linux shows user space 100 ticks a second on every architecture that Node supports. */
const TICKS_PER_SECOND = 100

/** Memory of a process and its descendants, MiB (`smaps_rollup`). */
export interface Memory {
  residentMib: number
  /** Shared pages counted by share. */
  proportionalMib: number
  /** Not of a file: what the process alone takes from the machine. */
  anonymousMib: number
}

export function memoryOf(pid: number): Memory {
  const read = (name: string): number =>
    sum(pid, (member) => {
      const text = readFileSync(`/proc/${member}/smaps_rollup`, 'utf8')
      return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) / 1024
    })
  return { residentMib: read('Rss'), proportionalMib: read('Pss'), anonymousMib: read('Anonymous') }
}

/** Resident memory of a process and its descendants, MiB (`VmRSS`). */
export function residentMemoryMib(pid: number): number {
  return sum(pid, (member) => statusOf(`/proc/${member}`, 'VmRSS') / 1024)
}

/** The most that a process alone has ever had, MiB (`VmHWM`). */
export function peakMemoryMib(pid: number): number {
  return statusOf(`/proc/${pid}`, 'VmHWM') / 1024
}

/** User and system time that a process and its living descendants have used, milliseconds, all threads. */
export function cpuTimeMs(pid: number): number {
  return sum(pid, (member) => {
    const stat = readFileSync(`/proc/${member}/stat`, 'utf8')
    // The command name before it may contain anything; fields are counted after its closing parenthesis.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [userTicks, systemTicks] = [fields[11], fields[12]]
    return ((Number(userTicks) + Number(systemTicks)) * 1000) / TICKS_PER_SECOND
  })
}

/** The same in nanosecond steps, of the threads that are alive: for what takes less than a tick (`schedstat`). */
export function threadTimeMs(pid: number): number {
  return sum(pid, (member) =>
    threadsOf(member).reduce((total, thread) => {
      const [ran] = readFileSync(`${thread}/schedstat`, 'utf8').split(' ')
      return total + Number(ran) / 1e6
    }, 0),
  )
}

/** How often a thread of the process has gone to sleep and was woken since it began. */
export function wakeups(pid: number): number {
  return sum(pid, (member) =>
    threadsOf(member).reduce((total, thread) => total + statusOf(thread, 'voluntary_ctxt_switches'), 0),
  )
}

/** Bytes that the process has caused to be written to a disk (`/proc/<pid>/io`). */
export function bytesWritten(pid: number): number {
  const io = readFileSync(`/proc/${pid}/io`, 'utf8')
  return Number(/^write_bytes: (\d+)$/m.exec(io)?.[1] ?? Number.NaN)
}

export function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

function threadsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`)
}

function statusOf(directory: string, name: string): number {
  const status = readFileSync(`${directory}/status`, 'utf8')
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
}

function sum(pid: number, read: (pid: number) => number): number {
  return [pid, ...descendants(pid)].reduce((total, member) => total + read(member), 0)
}

function descendants(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number)
  return children.flatMap((child) => [child, ...descendants(child)])
}
