import { readFileSync } from 'node:fs'

/** `CLK_TCK`: Linux shows user space 100 ticks a second on every architecture that Node supports. */
const TICKS_PER_SECOND = 100

/** Resident memory of a process and its descendants, MiB (`VmRSS`). */
export function residentMemoryMib(pid: number): number {
  return sum(pid, (member) => {
    const status = readFileSync(`/proc/${member}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
  })
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
