import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readBackupNote } from '../../../backup-note.ts'
import { reason } from '../../../../../protocol/reasons.ts'
import {
  isTightenable,
  refuseLooseDirectory,
  refuseLooseStats,
} from '../../../../../storage/files/private-directory.ts'
import { quoted } from '../../../../../storage/files/quoted.ts'
import { toStorageError } from '../../../../../storage/storage-error.ts'
import { capitalized } from '../../../../../text/sentence.ts'
import { fine, type Found, problem, warning } from '../../check.ts'
import type { DoctorFacts } from '../../doctor-facts.ts'
import { subjectOf } from '../account-checks.ts'
import { accountDirectories, type AccountDirectory } from './account-directories.ts'

const MEBIBYTE = 1_048_576
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** The daemon empties its log every few MiB; one that grows is kept from it. */
const LARGE_LOG_BYTES = 64 * MEBIBYTE
const OLD_BACKUP_DAYS = 30
/** Private files that a start refuses when they are looser. */
const PRIVATE = /^(?:account\.db(?:-wal|-shm|-journal)?|lock\.db|owner\.json|host\.json)$/
const SET_ASIDE = /^account\.db\.(?:damaged|replaced)$/
/** Copies that were killed while they were made. */
const DRAFT = /\.whatsappd\.[0-9a-f]{12}\.tmp|^account\.db\.(?:new|inspected)$|\.[0-9a-f]{12}\.tmp$/

/** Owner and mode of the directories of accounts, and of what is in them, as a start takes or refuses them. */
export function lookAtModes(facts: DoctorFacts): Found[] {
  const places = accountDirectories(facts)
  const found = places.flatMap((place) => {
    try {
      return lookAtPlace(place)
    } catch (error) {
      const { reason: code, detail } = toStorageError(error, place.directory)
      const [what = detail, ...cures] = detail.split('; ')
      const cure = capitalized(cures.join('; '))
      return [problem(`${what}.`, cure === '' ? reason(code).action : `${cure}.`, subjectOf(place.account))]
    }
  })
  if (found.length > 0 || places.length === 0) return found
  return [fine('The files of accounts are for their owner alone.')]
}

function lookAtPlace({ account, directory }: AccountDirectory): Found[] {
  const subject = subjectOf(account)
  if (isTightenable(directory))
    return [
      warning(`${directory} is open to other users.`, 'The next start of the daemon makes it 0700.', subject),
    ]
  refuseLooseDirectory(directory)
  for (const name of readdirSync(directory)) {
    if (!PRIVATE.test(name)) continue
    const path = join(directory, name)
    const stat = lstatSync(path, { throwIfNoEntry: false })
    if (stat !== undefined) refuseLooseStats(path, stat)
  }
  return []
}

/** The logs of databases: what a crash has left, and what grows. */
export function lookAtLogs(facts: DoctorFacts): Found[] {
  const { stateDirectory, daemon } = facts
  const files = [
    { file: join(stateDirectory, 'daemon.db'), subject: null },
    ...accountDirectories(facts).map(({ account, directory }) => ({
      file: join(directory, 'account.db'),
      subject: subjectOf(account),
    })),
  ]
  const found = files.flatMap(({ file, subject }): Found[] => {
    const log = `${file}-wal`
    const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0
    if (daemon.state === 'not_running')
      // Without its file it is a finding of the database.
      return size === 0 || !existsSync(file)
        ? []
        : [
            warning(
              `The daemon did not stop in order: its latest writes are in ${log} (${text(size)}).`,
              'Start the daemon, which takes them in: whatsappd run. Never delete that file.',
              subject,
            ),
          ]
    return size < LARGE_LOG_BYTES
      ? []
      : [
          warning(
            `${log} has grown to ${text(size)}: something keeps the daemon from emptying it.`,
            'End other programs that have the database open (fuser, sqlite3, a backup that hangs), then restart the daemon.',
            subject,
          ),
        ]
  })
  return found.length > 0 ? found : [fine('No log of a database is left over, or has grown.')]
}

/** What nobody will read again, and what holds credentials though it is not in use. */
export function lookAtLeftovers(facts: DoctorFacts): Found[] {
  const found = accountDirectories(facts).flatMap(({ account, directory }) =>
    namesIn(directory).flatMap((name): Found[] => {
      const path = join(directory, name)
      const stat = statSync(path, { throwIfNoEntry: false })
      if (stat === undefined || !stat.isFile()) return []
      if (SET_ASIDE.test(name)) {
        const all = ['', '-wal', '-journal'].map((suffix) => path + suffix).filter((file) => existsSync(file))
        return [
          warning(
            `${path} was set aside (${text(stat.size)}); it holds credentials and messages.`,
            `When the account works without it: rm ${all.map(quoted).join(' ')}`,
            subjectOf(account),
          ),
        ]
      }
      if (!DRAFT.test(name) || Date.now() - stat.mtimeMs < HOUR_MS) return []
      return [
        warning(
          `${path} is what a copy left that was interrupted (${text(stat.size)}).`,
          `Remove it: rm ${quoted(path)}`,
          subjectOf(account),
        ),
      ]
    }),
  )
  return found.length > 0 ? found : [fine('Nothing is left over of copies and repairs.')]
}

/** The last copy of each account that `whatsappd backup` made. */
export function lookAtBackups(facts: DoctorFacts): Found[] {
  return accountDirectories(facts)
    .filter(({ isConfigured, directory }) => isConfigured && existsSync(join(directory, 'account.db')))
    .map(({ account, directory }) => {
      const subject = subjectOf(account)
      const again = (file: string): string => `whatsappd backup --account ${account} --force ${file}`
      const note = readBackupNote(directory)
      if (note === null)
        return fine('No copy was made here with "whatsappd backup"; docs/storage.md says how.', subject)
      const days = Math.floor((Date.now() - note.at) / DAY_MS)
      const age = `${days} ${days === 1 ? 'day' : 'days'} old`
      if (!existsSync(note.file))
        return warning(
          `The last copy, ${note.file}, is not there any more.`,
          `Where it was moved, leave it so. Otherwise make a new one: ${again(quoted(note.file))}`,
          subject,
        )
      return days > OLD_BACKUP_DAYS
        ? warning(
            `The last copy, ${note.file}, is ${age}.`,
            `Make a new one: ${again(quoted(note.file))}`,
            subject,
          )
        : fine(`The last copy, ${note.file}, is ${age}.`, subject)
    })
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

function text(bytes: number): string {
  return bytes < MEBIBYTE ? `${Math.ceil(bytes / 1_024)} KiB` : `${Math.round(bytes / MEBIBYTE)} MiB`
}
