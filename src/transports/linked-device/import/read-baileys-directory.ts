import { constants, existsSync } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { AuthenticationCreds, SignalDataSet } from '@whiskeysockets/baileys'
import { importRefusal, FORCE_ADVICE } from './import-refusal.ts'
import { parseKeyFileName } from './key-file-name.ts'
import { CREDENTIALS_BACKUP, CREDENTIALS_FILE, type KeyFile, MOST_FILES } from './key-files.ts'
import { linkedNumberOf, parseCredentialsFile } from './parse-credentials-file.ts'
import { parseKeyFile } from './parse-key-file.ts'

/** A record of sessions that was never pruned is the largest, with some hundred kilobytes. */
const MAX_FILE_BYTES = 16 * 1024 * 1024
const MAX_TOTAL_BYTES = 512 * 1024 * 1024
const READ_TOGETHER = 32
/** As many as a sentence can bear. */
const NAMES_SHOWN = 5
/** Nothing is linked over files that could be imported. */
const FIRST_MOVE_AWAY = '; where this is the directory of the account itself, move these files away first'

export interface BaileysDirectory {
  credentials: AuthenticationCreds
  /** E.164. */
  phoneNumber: string
  keys: SignalDataSet
  /** Files that were damaged or missing, by name; with `force` alone. */
  leftOut: readonly string[]
}

/**
 * Everything in a directory of Baileys' multi-file store, which is only read. Throws `DaemonError` (`import_refused`) where
 * there is no link, or something is damaged or missing, by name; with `force` that is left out, but for the credentials.
 */
export async function readBaileysDirectory(
  directory: string,
  files: readonly KeyFile[],
  { force }: { force: boolean },
): Promise<BaileysDirectory> {
  refuseTooMuch(directory, files)
  const { credentials, phoneNumber } = await readCredentials(directory, files)
  const { keys, damaged } = await readKeys(files)
  const leftOut = [...damaged, ...missingOf(credentials, keys)]
  if (leftOut.length > 0 && !force) {
    throw importRefusal(
      'damaged',
      `Files in ${directory} are damaged or missing: ${shown(leftOut)}.`,
      `Copy the directory again while the program that used it does not run, or restore it from a backup. ${FORCE_ADVICE}`,
    )
  }
  return { credentials, phoneNumber, keys, leftOut }
}

function refuseTooMuch(directory: string, files: readonly KeyFile[]): void {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  if (files.length <= MOST_FILES && bytes <= MAX_TOTAL_BYTES) return
  throw importRefusal(
    'damaged',
    `${directory} holds more than a link has: ${files.length} files with ${bytes} bytes.`,
    'Name the directory of one link.',
  )
}

async function readCredentials(
  directory: string,
  files: readonly KeyFile[],
): Promise<Pick<BaileysDirectory, 'credentials' | 'phoneNumber'>> {
  const path = join(directory, CREDENTIALS_FILE)
  const file = files.find(({ name }) => name === CREDENTIALS_FILE)
  if (file === undefined) {
    const what = files.length === 0 ? 'no files of Baileys' : 'keys of Baileys, but no creds.json'
    const inside = await directoriesInside(directory)
    throw importRefusal(
      'no_link',
      `${directory} holds ${what}.`,
      `Name the directory in which the other program keeps creds.json${inside.length === 0 ? '' : `: ${shown(inside)}`}.`,
    )
  }
  try {
    const credentials = parseCredentialsFile(await readText(file))
    const phoneNumber = linkedNumberOf(credentials)
    if (phoneNumber !== null) return { credentials, phoneNumber }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw importRefusal('damaged', `${path} is damaged: ${why}.`, await credentialsAdvice(files), error)
  }
  throw importRefusal(
    'no_link',
    `${path} belongs to no phone: the link was never completed, or was ended.`,
    `Link the account with a QR code instead${FIRST_MOVE_AWAY}.`,
  )
}

/** One link for each account, side by side: somebody named the directory around them. */
async function directoriesInside(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => [])
  return names.map((name) => join(directory, name)).filter((path) => existsSync(join(path, CREDENTIALS_FILE)))
}

/** OpenClaw itself begins with its copy when the credentials are torn. */
async function credentialsAdvice(files: readonly KeyFile[]): Promise<string> {
  const backup = files.find(({ name }) => name === CREDENTIALS_BACKUP)
  try {
    if (backup !== undefined && linkedNumberOf(parseCredentialsFile(await readText(backup))) !== null) {
      return `Beside it, ${CREDENTIALS_BACKUP} is whole: copy the directory, put that copy in the place of ${CREDENTIALS_FILE} there, and import from there.`
    }
  } catch {
    // No better than the file itself.
  }
  return `Restore it from a backup, or link the account with a QR code instead${FIRST_MOVE_AWAY}.`
}

async function readKeys(files: readonly KeyFile[]): Promise<{ keys: SignalDataSet; damaged: string[] }> {
  const damaged: string[] = []
  // Filled by type and id, each with a value that has been looked at.
  const keys: Record<string, Record<string, unknown>> = {}
  for (let start = 0; start < files.length; start += READ_TOGETHER) {
    const read = files.slice(start, start + READ_TOGETHER).map(async (file) => {
      const key = parseKeyFileName(file.name)
      if (key === null) return
      try {
        const value = parseKeyFile(key.type, await readText(file))
        if (value !== null) (keys[key.type] ??= {})[key.id] = value
      } catch {
        damaged.push(file.name)
      }
    })
    await Promise.all(read)
  }
  return { keys, damaged: damaged.toSorted() }
}

/** What the credentials speak of and is not there: the directory was copied in part. */
function missingOf({ nextPreKeyId, myAppStateKeyId }: AuthenticationCreds, keys: SignalDataSet): string[] {
  const hasPreKeys = Object.keys(keys['pre-key'] ?? {}).length > 0
  const syncKeys = keys['app-state-sync-key'] ?? {}
  return [
    ...(nextPreKeyId > 1 && !hasPreKeys ? ['pre-key-*.json'] : []),
    ...(myAppStateKeyId !== undefined && syncKeys[myAppStateKeyId] === undefined
      ? [`app-state-sync-key-${myAppStateKeyId.replaceAll('/', '__')}.json`]
      : []),
  ]
}

/** Never waits for a pipe. Throws for what is no file, and for one that is too large. */
async function readText({ path, isFile, bytes }: KeyFile): Promise<string> {
  if (!isFile) throw new Error('it is not a file')
  if (bytes > MAX_FILE_BYTES) throw new Error(`it is larger than ${MAX_FILE_BYTES} bytes`)
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

function shown(names: readonly string[]): string {
  const others = names.length - NAMES_SHOWN
  return `${names.slice(0, NAMES_SHOWN).join(', ')}${others > 0 ? ` and ${others} more` : ''}`
}
