import { readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** `held` by a process that can be named here or not (`null`: of another container), `free`, or `untold` where the system does not say. */
export type LockState = { state: 'held'; pid: number | null } | { state: 'free' } | { state: 'untold' }

/**
 * Who holds a lock for writing on a file, as Linux lists them (proc_locks(5)). Takes no lock itself, not for a moment: a daemon that starts
 * meanwhile is not disturbed. `systemRoot`: where `proc` is.
 */
export function lockStateOf(path: string, systemRoot = '/'): LockState {
  const proc = join(systemRoot, 'proc')
  let lines: string[]
  try {
    lines = readFileSync(join(proc, 'locks'), 'utf8').split('\n')
  } catch {
    return { state: 'untold' }
  }
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return { state: 'free' }
  const place = placeOf(stat.dev)
  for (const line of lines) {
    const [, pidText = '', device, inode] =
      /^\d+: (?:POSIX|OFDLCK)\s+\S+\s+WRITE\s+(-?\d+)\s+([0-9a-f]+:[0-9a-f]+):(\d+) /.exec(line) ?? []
    const pid = Number(pidText)
    if (Number(inode) !== stat.ino || pidText === '') continue
    // Some file systems (btrfs, overlays) number their devices in another way there than in stat(2).
    if (device === place || (pid > 0 && hasOpen(proc, pid, path)))
      return { state: 'held', pid: pid > 0 ? pid : null }
  }
  return { state: 'free' }
}

/** As the kernel writes a device there: makedev(3) of glibc, in hex. */
function placeOf(device: number): string {
  const number = BigInt(device)
  const major = ((number >> 8n) & 0xfffn) | ((number >> 32n) & 0xfffff000n)
  const minor = (number & 0xffn) | ((number >> 12n) & 0xffffff00n)
  return `${hex(major)}:${hex(minor)}`
}

const hex = (number: bigint): string => number.toString(16).padStart(2, '0')

function hasOpen(proc: string, pid: number, path: string): boolean {
  try {
    const real = realpathSync(path)
    const handles = join(proc, String(pid), 'fd')
    return readdirSync(handles).some((handle) => {
      try {
        return readlinkSync(join(handles, handle)) === real
      } catch {
        return false
      }
    })
  } catch {
    return false
  }
}
