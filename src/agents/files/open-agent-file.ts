import { constants, type BigIntStats } from 'node:fs'
import { type FileHandle, lstat, open, readlink, realpath } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { AgentFileRefused } from './agent-file-refused.ts'

/**
 * Opens a file that an answer names: relative to the agent's directory, or absolute and inside of it, wherever links on the way lead.
 * Regular files of the daemon's own user alone, under one name alone, and none of the daemon's state. What is read from the handle is the file that was judged: it is
 * opened once, and where it lies is looked at again behind that. Rejects with `AgentFileRefused`.
 */
export async function openAgentFile(
  directory: string,
  path: string,
  stateDirectory: string,
): Promise<FileHandle> {
  if (path.includes('\0')) throw new AgentFileRefused('Its path is none.')
  let handle: FileHandle | null = null
  try {
    const home = await realpath(directory)
    const place = await realpath(resolve(home, path))
    refuseOutside(place, home)
    refuseInside(place, await realpath(stateDirectory).catch(() => stateDirectory))
    // Without waiting for a writer, where it is a pipe; a link that was put there meanwhile is not followed.
    handle = await open(
      place,
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY,
    )
    const opened = await handle.stat({ bigint: true })
    judge(opened)
    refuseOutside(await placeOf(handle, opened, place), home)
    return handle
  } catch (error) {
    await handle?.close()
    if (error instanceof AgentFileRefused) throw error
    throw new AgentFileRefused(reasonOf((error as NodeJS.ErrnoException).code))
  }
}

/** A directory on the way may have become a link between the look and the opening. */
async function placeOf(handle: FileHandle, opened: BigIntStats, place: string): Promise<string> {
  try {
    return await readlink(`/proc/self/fd/${handle.fd}`)
  } catch {
    // A system without /proc.
    const now = await realpath(place)
    const { dev, ino } = await lstat(now, { bigint: true })
    if (dev !== opened.dev || ino !== opened.ino)
      throw new AgentFileRefused('It changed while it was opened.')
    return now
  }
}

function judge({ uid, nlink, ...stat }: BigIntStats): void {
  if ((stat.mode & BigInt(constants.S_IFMT)) !== BigInt(constants.S_IFREG))
    throw new AgentFileRefused('It is no regular file.')
  if (process.getuid !== undefined && uid !== BigInt(process.getuid()))
    throw new AgentFileRefused('It belongs to another user than that of the daemon.')
  // A second name may be one outside of the directory.
  if (nlink > 1n) throw new AgentFileRefused('It has a second name (a hard link): copy it.')
}

function refuseOutside(place: string, directory: string): void {
  if (!isInside(place, directory)) throw new AgentFileRefused("It does not lie in the agent's own directory.")
}

function refuseInside(place: string, directory: string): void {
  if (isInside(place, directory)) throw new AgentFileRefused('It lies in the state directory of the daemon.')
}

function isInside(place: string, directory: string): boolean {
  const way = relative(directory, place)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

function reasonOf(code: string | undefined): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'There is no such file.'
  if (code === 'EACCES' || code === 'EPERM') return 'The user of the daemon may not read it.'
  if (code === 'ELOOP') return 'It is a symbolic link.'
  return 'It cannot be opened.'
}
