import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  statSync,
  type Stats,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { quoted } from './quoted.ts'
import { StorageError, toStorageError } from '../storage-error.ts'

/** Any access for group or others. */
const LOOSE_BITS = 0o077
/** Write access for group or others. */
const WRITE_BITS = 0o022
/** What `fsGroup` makes of a directory of mode 0700, and of a file of mode 0600. */
const FS_GROUP_MODE = 0o2770
const FS_GROUP_FILE_MODE = 0o660
/** Files that SQLite keeps beside a database and opens with it. */
const COMPANIONS = ['-wal', '-shm', '-journal']
/** Whatever whatsappd keeps in a state or account directory, and `lost+found` of a volume that is mounted there. */
const OWN_NAMES =
  /^(?:(?:account|daemon|lock)\.db.*|(?:backup|client-version|daemon|host|owner)\.json.*|token|token\..+|code-cache|code-cache\..+|config\.(?:last-valid|edit)\..+|id|id\..+|accounts|agents|media|\.gitignore|lost\+found)$/

/**
 * Makes sure that `path` is a directory of ours that no other user can enter: creates it 0700, with a `.gitignore` that
 * ignores everything. One that is looser is made 0700 where it is empty or holds nothing but files of whatsappd (made by
 * hand, or a mounted volume), or `isOurs` says so; where it holds others, or belongs to another user, it throws
 * `StorageError` (`storage_permissions`) with the command that helps. Answers whether files of ours in it were open to the
 * volume's group, as with `fsGroup` of Kubernetes; they are 0600 from then on.
 */
export function openPrivateDirectory(path: string, { isOurs = false } = {}): boolean {
  try {
    if (!existsSync(path)) createDirectory(path)
    const wasShared = tightenVolume(path)
    tightenDirectory(path, isOurs)
    refuseLooseDirectory(path)
    ignoreInGit(path)
    return wasShared
  } catch (error) {
    throw toStorageError(error, path)
  }
}

/** A full disk keeps nobody from saying that it is full; the next start makes up for it. */
function ignoreInGit(path: string): void {
  try {
    createFile(join(path, '.gitignore'), '*\n')
  } catch (error) {
    if (toStorageError(error, path).reason !== 'storage_full') throw error
  }
}

/** Refuses a path that is not a directory, or one that other users can enter or own. Follows a link. Throws `StorageError`. */
export function refuseLooseDirectory(path: string): void {
  try {
    const stat = statSync(path)
    if (!stat.isDirectory()) throw new StorageError('storage_permissions', `${path} is not a directory`)
    const [cure, self] = [quoted(path), process.geteuid?.()]
    refuseLoose(path, stat, LOOSE_BITS, {
      mode: `; choose another directory, or, where this one is whatsappd's alone: chmod 700 ${cure}`,
      owner: `; name a directory inside it instead, which whatsappd makes for itself (${quoted(`${path}/whatsappd`)}), or run whatsappd as that user, or, where this directory is whatsappd's alone, as root: chown -R ${self} ${cure}`,
    })
  } catch (error) {
    throw toStorageError(error, path)
  }
}

/**
 * Kubernetes gives everything on a volume with `fsGroup` to that group at every mount, with write access: directories get mode
 * 2770, files 0660, and the process gets the group. Files elsewhere that a group may write to are refused.
 */
function tightenVolume(path: string): boolean {
  const volume = statSync(path)
  const isVolume = volume.uid === process.geteuid?.() && (volume.mode & 0o7777) === FS_GROUP_MODE
  if (!isVolume || process.getgroups?.().includes(volume.gid) !== true) return false
  let wasShared = false
  for (const name of readdirSync(path)) {
    if (!OWN_NAMES.test(name)) continue
    const file = lstatSync(join(path, name))
    const isShared = file.gid === volume.gid && (file.mode & 0o7777) === FS_GROUP_FILE_MODE
    if (!isShared || !file.isFile() || file.nlink > 1 || file.uid !== volume.uid) continue
    try {
      chmodSync(join(path, name), 0o600)
      wasShared = true
    } catch {
      // Told by the check of the file itself.
    }
  }
  return wasShared
}

/** Whether `path` is a directory that `openPrivateDirectory` would make 0700. Throws errors of the file system. */
export function isTightenable(path: string, isOurs = false): boolean {
  const { mode, uid } = statSync(path)
  if ((mode & LOOSE_BITS) === 0 || uid !== process.geteuid?.()) return false
  return isOurs || readdirSync(path).every((name) => OWN_NAMES.test(name))
}

/** What keeps it from being tightened is told by the check that follows. */
function tightenDirectory(path: string, isOurs: boolean): void {
  if (!isTightenable(path, isOurs)) return
  try {
    chmodSync(path, 0o700)
  } catch {
    // A read-only disk, or a file system without modes.
  }
}

/** Creates `path` 0600 before SQLite would create it with the umask's mode; refuses a looser one and one of another user. */
export function openPrivateFile(path: string): void {
  try {
    createFile(path, '')
    refuseLooseFile(path)
  } catch (error) {
    throw toStorageError(error, path)
  }
}

/**
 * Refuses a file that other users can read or own, that has a second name, or that is not a regular file. Opens nothing:
 * closing a file that SQLite has locked would drop the lock. Throws `StorageError`.
 */
function refuseLooseFile(path: string): void {
  try {
    refuseLooseStats(path, lstatSync(path))
  } catch (error) {
    throw toStorageError(error, path)
  }
}

/**
 * Makes a database and the files that SQLite keeps beside it 0600 where others may only read them (a copy made under the
 * usual umask), and answers whether one of them was so. Refuses what else `refuseLooseFile` refuses. Missing files are
 * accepted.
 */
export function tightenDatabase(path: string): boolean {
  let wasReadable = false
  for (const name of [path, ...COMPANIONS.map((suffix) => path + suffix)]) {
    if (lstatSync(name, { throwIfNoEntry: false }) === undefined) continue
    wasReadable = tightenFile(name) || wasReadable
    refuseLooseFile(name)
  }
  return wasReadable
}

/** What others may write to may be theirs by now. What keeps it from being tightened is told by the check that follows. */
function tightenFile(path: string): boolean {
  const stat = lstatSync(path)
  const { mode, uid, nlink } = stat
  const isOurs = stat.isFile() && nlink === 1 && uid === process.geteuid?.()
  if (!isOurs || (mode & LOOSE_BITS) === 0 || (mode & WRITE_BITS) !== 0) return false
  try {
    chmodSync(path, 0o600)
  } catch {
    return false
  }
  return true
}

/** Throws `StorageError` for what `refuseLooseFile` refuses. A file without secrets may be readable and have further names. */
export function refuseLooseStats(path: string, stat: Stats, isSecret = true): void {
  if (!stat.isFile()) throw new StorageError('storage_permissions', `${path} is not a regular file`)
  const [cure, self] = [quoted(path), process.geteuid?.()]
  refuseLoose(path, stat, isSecret ? LOOSE_BITS : WRITE_BITS, {
    mode: `; where it is whatsappd's own: chmod 600 ${cure}`,
    owner: `; where it is whatsappd's own, as root: chown ${self} ${cure}`,
  })
  if (stat.nlink > 1 && isSecret) {
    throw new StorageError(
      'storage_permissions',
      `${path} has a second name (a hard link); copy it to a file of its own`,
    )
  }
}

/** `cures` are appended to the error: what a person can do. */
function refuseLoose(
  path: string,
  { mode, uid }: Stats,
  bits: number,
  cures: { mode: string; owner: string },
): void {
  const self = process.geteuid?.()
  // First: only the owner can change a mode.
  if (self !== undefined && uid !== self) {
    throw new StorageError(
      'storage_permissions',
      `${path} belongs to user ${uid}, not to ${self}${cures.owner}`,
    )
  }
  const permissions = (mode & 0o777).toString(8).padStart(4, '0')
  if ((mode & bits) !== 0) {
    throw new StorageError(
      'storage_permissions',
      `${path} has mode ${permissions}, which gives other users access${cures.mode}`,
    )
  }
}

/** Creates a file where there is none; never writes to an existing one, follows no link. */
function createFile(path: string, text: string): void {
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function createDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EEXIST') throw error
    const why = `${path} cannot be created: it is a link to a missing place, or its parent is not a directory`
    throw new StorageError('storage_permissions', why, error)
  }
}
