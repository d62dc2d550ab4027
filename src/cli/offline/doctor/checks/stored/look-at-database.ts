import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readHostIdentity } from '../../../../../accounts/ownership/host-identity.ts'
import { isImported, readOwner } from '../../../../../accounts/ownership/ownership.ts'
import { ACCOUNT_MIGRATIONS } from '../../../../../accounts/schema.ts'
import { reason } from '../../../../../protocol/reasons.ts'
import { lookIntoClosedFile, schemaNumberIn } from '../../../../../storage/database/look-into-closed-file.ts'
import { backupsOf } from '../../../../../storage/database/migrate.ts'
import { StorageError } from '../../../../../storage/storage-error.ts'
import { lockStateOf } from '../../../../../storage/files/lock-holder.ts'
import { quoted } from '../../../../../storage/files/quoted.ts'
import { fine, type Found, problem, warning } from '../../check.ts'
import type { DoctorFacts } from '../../doctor-facts.ts'
import { subjectOf } from '../account-checks.ts'
import { accountDirectories, type AccountDirectory } from './account-directories.ts'

/** Reading all of a file blocks; a larger one is looked at by the daemon, which must read it all the same. */
const MAX_READ_BYTES = 256 * 1_048_576
const LATEST = ACCOUNT_MIGRATIONS.at(-1)?.version ?? 0

/** Whether each `account.db` can be opened by this version, and whose link is in it. Changes nothing, locks nothing. */
export function lookAtDatabases(facts: DoctorFacts): Found[] {
  return accountDirectories(facts).flatMap((place) => lookAtDatabase(place, facts))
}

function lookAtDatabase({ account, directory }: AccountDirectory, facts: DoctorFacts): Found[] {
  const subject = subjectOf(account)
  const file = join(directory, 'account.db')
  const log = `${file}-wal`
  try {
    if (!existsSync(file)) return lookAtRemains(file, subject)
    const schema = schemaNumberIn(file)
    if (schema > LATEST)
      throw new StorageError(
        'storage_newer',
        `${file}: made by a newer whatsappd (schema ${schema}; this one knows ${LATEST})`,
      )
    const isInUse = facts.daemon.state !== 'not_running' || isHeld(directory, facts)
    // Only SQLite itself reads a log, and it would move it into the file.
    if (isInUse || existsSync(log)) return [fine(`${file} is of a schema that this version knows.`, subject)]
    if (statSync(file).size > MAX_READ_BYTES)
      return [
        fine(`${file} is of a schema that this version knows; it is too large to be read here.`, subject),
      ]
    const owner = lookIntoClosedFile(file, ACCOUNT_MIGRATIONS, readOwner)
    return [fine(`${file} is sound.`, subject), ...lookAtOwner(owner, { subject, account }, facts)]
  } catch (error) {
    if (!(error instanceof StorageError)) throw error
    const { message } = reason(error.reason, error.detail)
    return [problem(message, cureOf(error, { file, account }), subject)]
  }
}

/** A daemon takes no new file in its place: it may have been lost. */
function lookAtRemains(file: string, subject: string): Found[] {
  const remains = [`${file}-wal`, `${file}.restored`, ...backupsOf(file)].find((name) => existsSync(name))
  if (remains === undefined) return []
  return [
    problem(
      `${file} is missing, but ${remains} is there, so that no new one is made.`,
      `Restore a copy: whatsappd restore <file>. Or begin anew without the link: rm ${quoted(remains)}`,
      subject,
    ),
  ]
}

function isHeld(directory: string, { systemRoot }: DoctorFacts): boolean {
  return lockStateOf(join(directory, 'lock.db'), systemRoot).state === 'held'
}

function cureOf(error: StorageError, { file, account }: { file: string; account: string }): string {
  const backup = backupsOf(file)[0]
  const restore = `whatsappd restore --account ${account}`
  if (error.reason === 'storage_newer') {
    const copy =
      backup === undefined
        ? ''
        : ` Or return to the state of before the upgrade: ${restore} ${quoted(backup)}`
    return `Upgrade whatsappd to the version that made it.${copy}`
  }
  if (error.reason !== 'storage_unreadable') return reason(error.reason).action
  const copy = backup === undefined ? '<file of whatsappd backup>' : quoted(backup)
  return `Restore a copy while no daemon runs: ${restore} ${copy}. Without one: whatsappd logout --account ${account} sets it aside, and the phone is linked anew.`
}

type Owner = ReturnType<typeof readOwner>

/** A clone or a restored sandbox: the record came along with the disk. */
function lookAtOwner(
  owner: Owner,
  { subject, account }: { subject: string; account: string },
  { config, env }: DoctorFacts,
): Found[] {
  const { instanceId } = readHostIdentity(config?.daemon.instanceId ?? null, env)
  if (owner === null || owner.instanceId === null || owner.instanceId === instanceId) return []
  // The link of another program: that it must not run beside this one is said where it was imported.
  if (isImported(owner.instanceId)) return []
  const here =
    instanceId === null
      ? 'here WHATSAPPD_INSTANCE_ID is not set'
      : `this one is ${JSON.stringify(instanceId)}`
  return [
    {
      ...warning(
        `The link was used by the instance ${JSON.stringify(owner.instanceId)} last; ${here}: this may be a copy.`,
        `Where it is the same sandbox, set WHATSAPPD_INSTANCE_ID (or whatsappd.instanceId) to what it was. Where it is a copy, stop the other one, start this one, then: whatsappd accounts take-over ${account}`,
        subject,
      ),
      check: 'state.owner',
    },
  ]
}
