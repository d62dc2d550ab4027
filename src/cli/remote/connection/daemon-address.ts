import { join } from 'node:path'
import { reachableHost } from '../../../control/http/reachable-host.ts'
import { isRecord } from '../../../protocol/is-record.ts'
import { readPrivateFile } from '../../../storage/files/read-private-file.ts'
import { StorageError } from '../../../storage/storage-error.ts'
import { CommandFailure } from '../../command-failure.ts'

const MAX_INFO_BYTES = 4_096

export interface DaemonAddress {
  /** `host:port`, ready for a URL. */
  authority: string
  pid: number
}

/**
 * What the running daemon wrote about itself; `null` when none does, or the one that wrote it is gone. Throws
 * `CommandFailure` for a file that this user's daemon cannot have written.
 */
export function findDaemon(stateDir: string): DaemonAddress | null {
  let found: unknown
  try {
    found = JSON.parse(readInfo(join(stateDir, 'daemon.json')) ?? 'null')
  } catch (error) {
    if (error instanceof CommandFailure) throw error
    return null
  }
  if (!isRecord(found)) return null
  const { host, port, pid } = found
  if (typeof host !== 'string' || typeof port !== 'number' || typeof pid !== 'number') return null
  if (!isAlive(pid)) return null
  return { authority: `${reachableHost(host)}:${port}`, pid }
}

function readInfo(path: string): string | null {
  try {
    return readPrivateFile(path, { maxBytes: MAX_INFO_BYTES })
  } catch (error) {
    if (!(error instanceof StorageError)) throw error
    throw new CommandFailure(
      `${error.detail}: the address of the daemon in it cannot be trusted; run this as the user that runs the daemon, or remove ${path} and restart the daemon`,
      { cause: error },
    )
  }
}

/** Nothing runs that could be asked. */
export class NoDaemonFailure extends CommandFailure {}

/** `authority`: where a daemon should be, but does not answer. */
export function noDaemonFailure(stateDir: string, authority?: string, cause?: unknown): NoDaemonFailure {
  const place = authority === undefined ? '' : ` at ${authority}`
  return new NoDaemonFailure(
    `no daemon is running${place} with the state dir ${stateDir}; start it with: whatsappd run, or name another with --state-dir`,
    { cause },
  )
}

/** Whether a process has this id now. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Alive, but of another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
