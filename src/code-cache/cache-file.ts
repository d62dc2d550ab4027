import { createHash } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { refuseLooseDirectory, refuseLooseStats } from '../storage/files/private-directory.ts'

/** In the state directory. */
const FILE_NAME = 'code-cache'
const MAX_BYTES = 64 * 1024 * 1024
/** With less room than this nothing is written: messages need it more. */
const MIN_ROOM_BYTES = 64 * 1024 * 1024
const DIGEST_BYTES = 32
/** At the end of the file: how long the index is, and the digest of everything before the digest. */
const TRAILER_BYTES = 4 + DIGEST_BYTES
/** V8 copies what does not begin at a multiple of its word. */
const ALIGNMENT = 16

/** What V8 made of one file of the program. */
export interface CachedScript {
  name: string
  /** What the file was like then. */
  stamp: string
  data: Buffer<ArrayBuffer>
}

export interface CodeCache {
  /** How many starts have written it. */
  round: number
  scripts: CachedScript[]
}

interface Index {
  key: string
  round: number
  scripts: { name: string; stamp: string; start: number; end: number }[]
}

/**
 * What was written there for `key`, or `null`: by another version of the program or of Node, with other flags, there is nothing. Never
 * throws: a file that is missing, cut off, changed, of another user, or that another user could write, is as none. V8
 * executes what is in it, and checks little.
 */
export function readCacheFile(directory: string, key: string): CodeCache | null {
  try {
    refuseLooseDirectory(directory)
    const bytes = readWhole(join(directory, FILE_NAME))
    const signed = bytes.subarray(0, -DIGEST_BYTES)
    if (!createHash('sha256').update(signed).digest().equals(bytes.subarray(-DIGEST_BYTES))) return null
    const end = bytes.length - TRAILER_BYTES
    // The digest says that it is as we wrote it.
    const index = JSON.parse(bytes.toString('utf8', end - bytes.readUInt32LE(end), end)) as Index
    if (index.key !== key) return null
    const scripts = index.scripts.map(({ start, end: until, ...script }) => ({
      ...script,
      data: bytes.subarray(start, until),
    }))
    return { round: index.round, scripts }
  } catch {
    return null
  }
}

/**
 * Replaces what is there, in one step, with what `scripts` brings, one after the other: all of it at once would be megabytes. Never rejects:
 * without the file the next start takes longer.
 */
export async function writeCacheFile(
  directory: string,
  key: string,
  round: number,
  scripts: AsyncIterable<CachedScript> | Iterable<CachedScript>,
): Promise<void> {
  const path = join(directory, FILE_NAME)
  // Always the same, so that what a kill leaves is replaced; of two at once the digest tells.
  const draft = `${path}.tmp`
  try {
    refuseLooseDirectory(directory)
    const { bavail, bsize } = statfsSync(directory)
    if (bavail * bsize < MIN_ROOM_BYTES) return
    rmSync(draft, { force: true })
    const file = openSync(draft, 'wx', 0o600)
    try {
      await writeTo(file, key, round, scripts)
    } finally {
      closeSync(file)
    }
    renameSync(draft, path)
  } catch {
    rmSync(draft, { force: true })
  }
}

async function writeTo(
  file: number,
  key: string,
  round: number,
  scripts: AsyncIterable<CachedScript> | Iterable<CachedScript>,
): Promise<void> {
  const hash = createHash('sha256')
  const index: Index = { key, round, scripts: [] }
  let length = 0
  const write = (bytes: Buffer): void => {
    hash.update(bytes)
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done)
    length += bytes.length
  }
  for await (const { name, stamp, data } of scripts) {
    write(Buffer.alloc((ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT))
    index.scripts.push({ name, stamp, start: length, end: length + data.length })
    write(data)
  }
  const text = Buffer.from(JSON.stringify(index))
  write(text)
  const indexLength = Buffer.alloc(TRAILER_BYTES - DIGEST_BYTES)
  indexLength.writeUInt32LE(text.length)
  write(indexLength)
  writeSync(file, hash.digest())
}

function readWhole(path: string): Buffer<ArrayBuffer> {
  const handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  try {
    const stat = fstatSync(handle)
    refuseLooseStats(path, stat)
    if (stat.size > MAX_BYTES) throw new Error(`${path} is too large`)
    const bytes = Buffer.allocUnsafeSlow(stat.size)
    let length = 0
    while (length < bytes.length) {
      const read = readSync(handle, bytes, length, bytes.length - length, null)
      if (read === 0) break
      length += read
    }
    return bytes.subarray(0, length)
  } finally {
    closeSync(handle)
  }
}
