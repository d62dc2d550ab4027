import { existsSync, readFileSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { readHostIdentity } from '../../../../../accounts/ownership/host-identity.ts'
import { HOST_MARK_NAME, STALE_AFTER_MS } from '../../../../../accounts/ownership/host-mark.ts'
import { isRecord } from '../../../../../protocol/is-record.ts'
import { isPrintable } from '../../../../../protocol/text/printable.ts'
import { lockStateOf } from '../../../../../storage/files/lock-holder.ts'
import { fine, type Found, problem } from '../../check.ts'
import type { DoctorFacts } from '../../doctor-facts.ts'
import { subjectOf } from '../account-checks.ts'
import { accountDirectories } from './account-directories.ts'

/** Who holds the state directory and the directories of accounts. Takes no lock. */
export function lookAtLocks(facts: DoctorFacts): Found[] {
  const { stateDirectory, daemon, systemRoot } = facts
  if (!existsSync(stateDirectory)) return []
  const state = lockStateOf(join(stateDirectory, 'lock.db'), systemRoot)
  if (state.state === 'untold') return []
  const own = daemon.state === 'running' ? daemon.pid : null
  // Which process that is, the check of the daemon says.
  const holder = daemon.state === 'unknown' && state.state === 'held' ? state.pid : own
  const found = accountDirectories(facts).flatMap(({ account, directory }) => {
    const lock = lockStateOf(join(directory, 'lock.db'), systemRoot)
    // In a container of its own this command sees the daemon under another number.
    const isOurs = lock.state !== 'held' || lock.pid === null || lock.pid === holder
    return isOurs ? [] : [heldBy(`The account's directory ${directory}`, lock.pid, subjectOf(account))]
  })
  if (daemon.state === 'not_running' && state.state === 'held')
    return [heldBy(`The state directory ${stateDirectory}`, state.pid, null)]
  if (found.length > 0) return found
  return [
    state.state === 'free'
      ? fine('Nobody holds the state directory.')
      : fine(`Process ${state.pid ?? 'of another container'} holds the state directory.`),
  ]
}

function heldBy(what: string, pid: number | null, subject: string | null): Found {
  if (pid === null)
    return problem(
      `${what} is held by a process of another container or machine.`,
      'Stop that one, or give this daemon a directory of its own (--state-dir, authDir).',
      subject,
    )
  return problem(
    `${what} is held by process ${pid} (${programOf(pid)}), which is not the daemon that answers here.`,
    `Wait where it is just starting, stopping or copying. Otherwise end it: kill ${pid}. Two daemons need a directory each (--state-dir, authDir).`,
    subject,
  )
}

/** Its name alone: arguments may hold secrets. */
function programOf(pid: number): string {
  try {
    const name = readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
    return isPrintable(name) ? name : 'a program'
  } catch {
    return 'a program'
  }
}

/** Hosts that share a directory of an account, as the mark of a host says that uses one on a network volume. */
export function lookAtOtherHosts(facts: DoctorFacts): Found[] {
  const own = readHostIdentity(null, {})
  return accountDirectories(facts).flatMap(({ account, directory }) => {
    const path = join(directory, HOST_MARK_NAME)
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat === undefined || Date.now() - stat.mtimeMs > STALE_AFTER_MS) return []
    const mark = readMark(path)
    if (mark === null || (mark.bootId ?? mark.hostname) === (mark.bootId === null ? hostname() : own.bootId))
      return []
    return [
      problem(
        `The host ${mark.hostname} has used ${directory} within the last minutes.`,
        'Stop the daemon there: this one may take over two minutes later. Where both are to run, name one Redis in whatsappd.lock.redis on both.',
        subjectOf(account),
      ),
    ]
  })
}

function readMark(path: string): { bootId: string | null; hostname: string } | null {
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (!isRecord(found)) return null
    const { bootId, hostname: name } = found
    return {
      bootId: typeof bootId === 'string' ? bootId : null,
      hostname: typeof name === 'string' && isPrintable(name) ? name.slice(0, 255) : 'without a name',
    }
  } catch {
    return null
  }
}
