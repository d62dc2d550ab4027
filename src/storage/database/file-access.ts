import { dirname } from 'node:path'
import { networkFileSystem } from '../files/network-file-system.ts'

/**
 * How a file in WAL mode is opened. `shared`: its index is memory that processes share (`-shm`). `alone`: this process is
 * the only one that has the file open, and the index is its own memory; there is no `-shm`.
 */
export type FileAccess = 'shared' | 'alone'

/** SQLITE_IOERR_SHMLOCK and SQLITE_IOERR_SHMMAP, https://www.sqlite.org/rescode.html. */
const NO_SHARED_MEMORY = [5130, 5386]

/** Directories on a file system that turned out to share no memory. As many as there are accounts. */
const directoriesWithout = new Set<string>()

/** Whether files in this directory are opened `alone`: by the kind of the file system, or because it was tried before. */
export function accessIn(directory: string): FileAccess {
  return directoriesWithout.has(directory) || networkFileSystem(directory) !== null ? 'alone' : 'shared'
}

/** Runs `work` with the access that fits the file system of `path`; once more where that shows by trying. */
export function withFittingAccess<Result>(path: string, work: (access: FileAccess) => Result): Result {
  const directory = dirname(path)
  const access = accessIn(directory)
  try {
    return work(access)
  } catch (error) {
    if (access === 'alone' || !lacksSharedMemory(error)) throw error
    directoriesWithout.add(directory)
    return work('alone')
  }
}

/** Whether SQLite failed because the file system shares no memory. */
export function lacksSharedMemory(error: unknown): boolean {
  const { errcode } = error as { errcode?: unknown }
  return typeof errcode === 'number' && NO_SHARED_MEMORY.includes(errcode)
}
