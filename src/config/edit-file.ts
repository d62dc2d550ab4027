import { accessSync, constants, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { normalizePhoneNumber } from '../access/phone-number.ts'
import { DaemonError } from '../protocol/errors.ts'
import type { ConfigProblem } from '../protocol/events.ts'
import { writeAtomically } from './atomic-write.ts'
import { channelSection } from './channel-section.ts'
import { ConfigError } from './config-error.ts'
import type { Config } from './config.ts'
import { editNumbers, type NumbersEdit } from './edit-numbers.ts'
import { setValue } from './edit-text.ts'
import { isRecord } from './is-record.ts'
import { nodeAt, parseConfig } from './parse.ts'
import { EVERYBODY } from './read-allow-from.ts'
import { readConfigFile } from './read-config-file.ts'
import { revisionOf } from './resolve.ts'

export type ConfigEdit = NumbersEdit | { kind: 'enabled'; enabled: boolean }

export interface EditInput {
  path: string
  edit: ConfigEdit
  /** One that exists in `current`. */
  account: string
  /** What the caller read; any when absent. */
  revision: string | undefined
  current: Config
  problems: readonly ConfigProblem[]
  /** Throws `ConfigError`. */
  resolve: (text: string) => Config
}

/** What an edit starts from where there is no file yet. */
const NEW_FILE = '{\n}\n'

/**
 * Edits the file in place and answers with its new text, or `null` when nothing had to change. All or nothing; throws `DaemonError`: `config_read_only`,
 * `config_broken`, `config_conflict`, `config_invalid`, `invalid_phone_number`.
 */
export function applyEdit(input: EditInput): string | null {
  const { path, current, problems, revision } = input
  if (!current.configWrites) throw readOnly('channels.whatsapp.configWrites is false.')
  const [problem] = problems
  if (problem !== undefined) throw broken(problem)
  const before = readText(path)
  if (revision !== undefined && revision !== revisionOf(before)) throw conflict(before)
  const start = before === '' ? NEW_FILE : before
  const after = mending(() => editedText(start, input))
  if (after === start) return null
  verify(input, after)
  write(path, before, after)
  return after
}

function editedText(text: string, { edit, account, current }: EditInput): string {
  const parsed = parseConfig(text)
  const section = channelSection(parsed).path
  const own = [...section, 'accounts', account]
  const writes = nodeAt(parsed.root, [...own, 'configWrites'])
  if (writes?.type === 'Boolean' && !writes.value) {
    throw readOnly(`${own.join('.')}.configWrites is false.`)
  }
  if (edit.kind === 'enabled') {
    if (current.accounts[account]?.enabled === edit.enabled) return text
    const holder = nodeAt(parsed.root, own) === null ? section : own
    return setValue(text, [...holder, 'enabled'], String(edit.enabled))
  }
  const ownList = [...own, 'allowFrom']
  const list = nodeAt(parsed.root, ownList) === null ? [...section, 'allowFrom'] : ownList
  return editNumbers(text, list, { kind: edit.kind, numbers: edit.numbers.map(toE164) })
}

function toE164(value: string): string {
  if (value === EVERYBODY) return value
  const number = normalizePhoneNumber(value)
  if (number.ok) return number.e164
  throw new DaemonError('invalid_phone_number', {
    message: `Not a possible phone number: ${number.message}.`,
    details: { value, reason: number.code },
  })
}

/** The result must be valid and mean what was asked for. */
function verify({ edit, account, resolve }: EditInput, text: string): void {
  let config: Config
  try {
    config = resolve(text)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const [problem] = error.problems
    throw new DaemonError('config_invalid', {
      message: problem.message,
      details: { ...problem },
      cause: error,
    })
  }
  const result = config.accounts[account]
  if (edit.kind === 'enabled') {
    if (result?.enabled !== edit.enabled) throw new Error('the edit did not switch the account')
    return
  }
  const allowed = new Set(result?.access.allowFrom)
  if (allowed.has(EVERYBODY)) return
  const named = new Set(edit.numbers.map(toE164))
  const isDone = {
    add: () => [...named].every((number) => allowed.has(number)),
    remove: () => [...named].every((number) => !allowed.has(number)),
    set: () => named.size === allowed.size && [...named].every((number) => allowed.has(number)),
  }
  if (!isDone[edit.kind]()) throw new Error('the edit did not lead to the list that was asked for')
}

function write(path: string, before: string, after: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    if (readConfigFile(path).kind !== 'missing') accessSync(path, constants.W_OK)
    writeAtomically(path, after, {
      newMode: 0o600,
      guard: () => {
        const now = readText(path)
        if (now !== before) throw conflict(now)
      },
    })
  } catch (error) {
    if (error instanceof DaemonError) throw error
    const code = isRecord(error) ? String(error['code']) : 'unknown'
    throw readOnly(`The config file ${path} cannot be written (${code}).`, error)
  }
}

/** The text of the file; nothing only where there is none yet. */
function readText(path: string): string {
  const content = readConfigFile(path)
  if (content.kind === 'text' && content.text !== '') return content.text
  if (content.kind === 'text') return mending(() => parseConfig(content.text).text)
  if (content.kind === 'missing') return ''
  const { code, why } = content
  throw broken({ code, path: '', line: null, column: null, message: `The config file ${path} ${why}.` })
}

/** A file that broke after it was looked at last. */
function mending<T>(step: () => T): T {
  try {
    return step()
  } catch (error) {
    if (error instanceof ConfigError) throw broken(error.problems[0])
    throw error
  }
}

function broken(problem: ConfigProblem): DaemonError {
  return new DaemonError('config_broken', {
    details: { ...problem },
    message: `The config file cannot be used as it stands: ${problem.message}`,
  })
}

function conflict(text: string): DaemonError {
  return new DaemonError('config_conflict', { details: { revision: revisionOf(text) } })
}

function readOnly(message: string, cause?: unknown): DaemonError {
  return new DaemonError('config_read_only', cause === undefined ? { message } : { message, cause })
}
