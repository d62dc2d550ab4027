import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import type { ImportableLink, LinkImporter } from '../../link.ts'
import { CredentialStore } from '../signal/credential-store.ts'
import { followLidMappings } from './follow-lid-mappings.ts'
import { importRefusal } from './import-refusal.ts'
import { CREDENTIALS_FILE, isKeyFileName, type KeyFile, lastChanged, listKeyFiles } from './key-files.ts'
import { findOpenClaw } from './openclaw-lock.ts'
import { findOpenFile } from './open-files.ts'
import { readBaileysDirectory } from './read-baileys-directory.ts'

/** A linked device that is in use writes with every login and every message. */
const QUIET_MS = 120_000

/**
 * Takes over the links that other programs made with Baileys and its multi-file store: OpenClaw, Milady, DjinnBot, ElizaOS
 * and bots after Baileys' own example. `now` in milliseconds since the epoch.
 */
export function baileysImporter(now: () => number = Date.now): LinkImporter {
  return {
    holdsLink: (directory) => existsSync(join(directory, CREDENTIALS_FILE)),
    changedAt: async (directory) => lastChanged(await listKeyFiles(directory))?.changedAt ?? null,
    read: (directory, options) => read(directory, options, now),
  }
}

async function read(
  directory: string,
  { force }: { force: boolean },
  now: () => number,
): Promise<ImportableLink> {
  const files = await listKeyFiles(directory)
  if (!force && files.length > 0) await refuseInUse(directory, files, now)
  const { credentials, phoneNumber, keys, leftOut } = await readBaileysDirectory(directory, files, { force })
  const last = lastChanged(await listKeyFiles(directory))
  if (!force) refuseRecent(last, now)
  const followed = followLidMappings(keys)
  return {
    phoneNumber,
    changedAt: last?.changedAt ?? now(),
    leftOut,
    sessions: Object.keys(followed.session ?? {}).length,
    store: (database) => {
      const events = { writeFailed: () => undefined, lidLearned: () => undefined }
      CredentialStore.load(database, events, now).adopt(credentials, followed)
    },
  }
}

/** Throws where a program uses it: both would change the same keys, and each would make messages unreadable for the other. */
async function refuseInUse(directory: string, files: readonly KeyFile[], now: () => number): Promise<void> {
  const place = realpathSync(directory)
  const opened = await findOpenFile(place, isKeyFileName)
  if (opened !== null) {
    const { path, pid, program } = opened
    throw importRefusal(
      'in_use',
      `${path} is open in process ${pid} (${program}).`,
      stopAdvice('that process'),
    )
  }
  const gateway = findOpenClaw(place)
  if (gateway !== null) {
    const { pid, lock } = gateway
    throw importRefusal(
      'in_use',
      `OpenClaw runs as process ${pid} and uses ${directory} (it holds ${lock}).`,
      stopAdvice('it ("openclaw gateway stop")'),
    )
  }
  refuseRecent(lastChanged(files), now)
}

function refuseRecent(last: KeyFile | undefined, now: () => number): void {
  if (last === undefined) return
  const ageMs = now() - last.changedAt
  if (ageMs >= QUIET_MS) return
  const isFuture = ageMs < 0
  const when = isFuture ? 'is dated in the future' : `was changed ${Math.round(ageMs / 1_000)} seconds ago`
  const then = isFuture
    ? 'Where it has stopped for certain, use --force: the age of that file says nothing.'
    : 'Import two minutes after it has stopped.'
  throw importRefusal(
    'changed_recently',
    `${last.path} ${when}: the program that uses this link may be running.`,
    `${stopAdvice('that program')} ${then}`,
  )
}

function stopAdvice(whom: string): string {
  return `Stop ${whom}, and see to it that nothing starts it again. "whatsappd import --force" imports all the same: where the other program still runs, both use the same keys, messages become unreadable, and WhatsApp keeps only one of the two connected.`
}
