import { readdirSync, readFileSync } from 'node:fs'

/** One process: its id alone may be given to another one when it has ended. */
export interface ProcessMark {
  pid: number
  /** Clock ticks between the start of the system and its own. */
  startTime: string
}

interface ProcessRow extends ProcessMark {
  parent: number
  session: number
}

/**
 * The processes that `pid` started, with those that these started, also in sessions of their own; and those of the session of `pid`
 * whose parents have ended. Without `pid` itself. Linux only: empty elsewhere. proc_pid_stat(5).
 */
export function descendantsOf(pid: number): ProcessMark[] {
  const rows = processes()
  const found = new Map<number, ProcessMark>()
  const family = new Set([pid])
  for (let size = -1; size !== family.size;) {
    size = family.size
    for (const { parent, session, ...mark } of rows) {
      if (mark.pid === pid || family.has(mark.pid)) continue
      if (!family.has(parent) && session !== pid) continue
      family.add(mark.pid)
      found.set(mark.pid, mark)
    }
  }
  return [...found.values()]
}

/** Sends a signal to the process, where it is still the same one. */
export function signalProcess({ pid, startTime }: ProcessMark, signal: NodeJS.Signals): void {
  if (readProcess(String(pid))?.startTime !== startTime) return
  try {
    process.kill(pid, signal)
  } catch {
    // It ended a moment ago.
  }
}

function processes(): ProcessRow[] {
  if (process.platform !== 'linux') return []
  try {
    const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    return ids.map(readProcess).filter((row) => row !== null)
  } catch {
    return []
  }
}

function readProcess(id: string): ProcessRow | null {
  try {
    const text = readFileSync(`/proc/${id}/stat`, 'utf8')
    // The name stands in brackets and may hold brackets and spaces: state, parent, group, session, … follow the last one.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const [, parent, , session] = fields
    return { pid: Number(id), parent: Number(parent), session: Number(session), startTime: fields[19] ?? '' }
  } catch {
    // It ended a moment ago.
    return null
  }
}
