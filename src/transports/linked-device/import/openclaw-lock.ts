import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, sep } from 'node:path'
import { isRecord } from '../../../protocol/is-record.ts'

/** A lock and a config file are small. */
const MAX_BYTES = 1_048_576

/** A running OpenClaw. */
export interface OpenClawGateway {
  pid: number
  /** The lock that it holds. */
  lock: string
}

/**
 * The running OpenClaw that uses `directory` (its real path), by the lock of its gateway; `null` where none does. The lock
 * is `openclaw-<uid>/gateway.<hash>.lock` in the system's temporary directory, since 2026.9 in `tmp` of its state
 * directory (npm `openclaw`, `infra/gateway-lock.ts`). One whose process has ended is left behind by a crash.
 */
export function findOpenClaw(directory: string): OpenClawGateway | null {
  for (const lock of locksNear(directory)) {
    const content = parse(readText(lock))
    const { pid, configPath, stateDir, startTime } = content
    if (typeof pid !== 'number' || !isRunning(pid, startTime)) continue
    const config = typeof configPath === 'string' ? configPath : ''
    const state = typeof stateDir === 'string' ? stateDir : dirname(config)
    const isItsOwn = config !== '' && isWithin(directory, state)
    if (isItsOwn || isWithin(directory, stateDirectoryOf(lock)) || readText(config).includes(directory))
      return { pid, lock }
  }
  return null
}

function locksNear(directory: string): string[] {
  const places = [tmpdir()]
  for (let place = directory; place !== dirname(place); place = dirname(place))
    places.push(join(place, 'tmp'))
  return places.flatMap((place) =>
    list(place, /^openclaw(?:-\d+)?$/).flatMap((folder) =>
      list(folder, /^gateway\..*\.lock$/).filter(isOurs),
    ),
  )
}

/** Where a lock of 2026.9 and later lies in: `<state>/tmp/openclaw-<uid>/<lock>`. */
function stateDirectoryOf(lock: string): string {
  const tmp = dirname(dirname(lock))
  return tmp === tmpdir() ? lock : dirname(tmp)
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep)
}

/** `startTime` tells it from a later process of the same id. */
function isRunning(pid: number, startTime: unknown): boolean {
  if (pid === process.pid || !Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  // Field 22 of proc_pid_stat(5); the second may hold blanks and ends with the last parenthesis.
  const started = readText(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[19]
  return typeof startTime !== 'number' || started === undefined || Number(started) === startTime
}

function list(directory: string, name: RegExp): string[] {
  try {
    return readdirSync(directory)
      .filter((each) => name.test(each))
      .map((each) => join(directory, each))
  } catch {
    return []
  }
}

/** Nothing where it cannot be read; what is no file is not opened: another user may have put it there. */
function readText(path: string): string {
  try {
    const facts = path === '' ? undefined : statSync(path)
    return facts?.isFile() === true && facts.size <= MAX_BYTES ? readFileSync(path, 'utf8') : ''
  } catch {
    return ''
  }
}

function isOurs(path: string): boolean {
  const uid = lstatSync(path, { throwIfNoEntry: false })?.uid
  return uid === process.geteuid?.() || uid === 0
}

function parse(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}
