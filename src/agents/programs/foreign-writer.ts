import { lstatSync, readFileSync, readlinkSync, type Stats } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** As the kernel's own limit for symbolic links in a path. */
const MAX_LINKS = 40
const GROUP_WRITES = 0o020
const OTHERS_WRITE = 0o002
const STICKY = 0o1000
/** Linux shows it for owners that the user namespace of this process does not know: in many sandboxes, the host's root. */
const UNMAPPED_OWNER = 65_534

export interface ForeignWriter {
  /** The file or directory that they can change. */
  path: string
  who: 'owner' | 'group' | 'everybody'
}

/**
 * Who, besides root and the user of this process, can change the file or directory at `path`, or put another one in its place: every
 * directory and every symbolic link on the way counts. `null`: nobody. `path` is absolute; throws the errors of the file system.
 */
export function findForeignWriter(path: string): ForeignWriter | null {
  const rest = segments(resolve(path))
  let links = 0
  let current = '/'
  for (;;) {
    const stats = lstatSync(current)
    if (!isTrusted(stats.uid)) return { path: current, who: 'owner' }
    if (stats.isSymbolicLink()) {
      links += 1
      if (links > MAX_LINKS) throw new Error(`${path} has too many symbolic links`)
      const target = readlinkSync(current)
      rest.unshift(...segments(target))
      current = target.startsWith('/') ? '/' : dirname(current)
    } else {
      const who = writerOf(stats, rest.length > 0)
      if (who !== null) return { path: current, who }
    }
    const next = rest.shift()
    if (next === undefined) return null
    current = join(current, next)
  }
}

/** In a directory with the sticky bit, such as `/tmp`, nobody replaces what belongs to another; whose that is, is looked at next. */
function writerOf({ mode, gid }: Stats, isOnTheWay: boolean): ForeignWriter['who'] | null {
  if (isOnTheWay && (mode & STICKY) !== 0) return null
  if ((mode & OTHERS_WRITE) !== 0) return 'everybody'
  return (mode & GROUP_WRITES) !== 0 && !isPrivateGroup(gid) ? 'group' : null
}

function isTrusted(uid: number): boolean {
  return uid === 0 || uid === process.geteuid?.() || (uid === UNMAPPED_OWNER && isUnmapped(uid))
}

/** Whether nobody inside this user namespace can be the user `uid`. user_namespaces(7): first id inside, first outside, how many. */
function isUnmapped(uid: number): boolean {
  const ranges = rows('/proc/self/uid_map', /\s+/).map((row) => row.map(Number))
  return (
    ranges.length > 0 && !ranges.some(([first = 0, , length = 0]) => uid >= first && uid < first + length)
  )
}

/** Many systems give every user a group of their own, and make files writable for it: nobody else is in it. */
function isPrivateGroup(gid: number): boolean {
  const users = rows('/etc/passwd', ':')
  const self = users.find(([, , uid]) => Number(uid) === process.geteuid?.())
  const group = rows('/etc/group', ':').find(([, , id]) => Number(id) === gid)
  if (self === undefined || group === undefined) return false
  const members = (group[3] ?? '').split(',').filter(Boolean)
  const others = users.filter(
    ([name, , uid, primary]) => Number(primary) === gid && Number(uid) !== 0 && name !== self[0],
  )
  return others.length === 0 && members.every((name) => name === self[0] || name === 'root')
}

/** The lines of a system's table, in columns; none where it cannot be read. */
function rows(file: string, separator: string | RegExp): string[][] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n')
    return lines.map((line) => line.trim().split(separator)).filter(([first]) => first !== '')
  } catch {
    return []
  }
}

function segments(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '' && segment !== '.')
}
