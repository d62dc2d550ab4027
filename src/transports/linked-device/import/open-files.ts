import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Between two turns of the event loop. */
const PROCESSES_AT_ONCE = 20

export interface OpenFile {
  path: string
  pid: number
  /** The name of the program, as the system has it. */
  program: string
}

/**
 * A file in `directory` (its real path) that another process of this machine has open, and whose name `matters`; `null`
 * where there is none. Processes of other users are not seen but by root, and none where there is no `/proc`.
 */
export async function findOpenFile(
  directory: string,
  matters: (name: string) => boolean,
): Promise<OpenFile | null> {
  const pids = list('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  for (const [index, pid] of pids.entries()) {
    if (index % PROCESSES_AT_ONCE === PROCESSES_AT_ONCE - 1) await nextTurn()
    for (const handle of list(`/proc/${pid}/fd`)) {
      const path = targetOf(`/proc/${pid}/fd/${handle}`)
      if (path === null || dirname(path) !== directory || !matters(basename(path))) continue
      return { path, pid: Number(pid), program: programOf(pid) }
    }
  }
  return null
}

function list(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    // It has ended, or is another user's.
    return []
  }
}

/** A file that was removed while it is open has a mark behind its name. */
function targetOf(handle: string): string | null {
  try {
    return readlinkSync(handle).replace(/ \(deleted\)$/, '')
  } catch {
    return null
  }
}

function programOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    return 'a program that has just ended'
  }
}
