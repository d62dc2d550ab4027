import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { normalizePhoneNumber } from '../access/phone-number.ts'
import { DaemonError } from '../protocol/errors.ts'
import type { ConfigProblem } from '../protocol/events.ts'
import { writeAtomically } from './atomic-write.ts'
import { ConfigError } from './config-error.ts'
import type { Config } from './config.ts'
import { setNumbers, setValue } from './edit-text.ts'
import { nodeAt, parseConfig } from './parse.ts'
import { Problems } from './problems.ts'
import { EVERYBODY } from './read-allow-from.ts'
import { channelSection, hasOwnAllowFrom, revisionOf } from './resolve.ts'

export type ListEdit =
  | { kind: 'add' | 'remove' | 'set'; numbers: readonly string[] }
  | { kind: 'enabled'; enabled: boolean }

export interface EditInput {
  path: string
  edit: ListEdit
  account: string
  /** What the caller read; any when absent. */
  revision: string | undefined
  current: Config
  problems: readonly ConfigProblem[]
  /** Throws `ConfigError`. */
  resolve: (text: string) => Config
}

/**
 * Edits the file in place and answers with its new text. All or nothing; throws `DaemonError`: `config_read_only`,
 * `config_broken`, `config_conflict`, `config_invalid`, `invalid_phone_number`.
 */
export function applyEdit(input: EditInput): string {
  const { path, edit, current, problems, resolve } = input
  if (!current.configWrites)
    throw new DaemonError('config_read_only', { message: 'channels.whatsapp.configWrites is false.' })
  const [problem] = problems
  if (problem !== undefined && existsSync(path)) {
    throw new DaemonError('config_broken', {
      details: { ...problem },
      message: `The config file is invalid: ${problem.message}`,
    })
  }
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (input.revision !== undefined && input.revision !== revisionOf(before)) {
    throw new DaemonError('config_conflict', { details: { revision: revisionOf(before) } })
  }
  const after =
    edit.kind === 'enabled' ? editEnabled(before, input.account, edit.enabled) : editList(before, input, edit)
  if (after === before) return before
  validate(after, resolve)
  write(path, before, after)
  return after
}

function editList(
  text: string,
  { account, current }: EditInput,
  edit: Exclude<ListEdit, { kind: 'enabled' }>,
): string {
  const parsed = parseConfig(text)
  const section = channelSection(parsed, new Problems(parsed.root)).path
  const list = hasOwnAllowFrom(parsed, section, account)
    ? [...section, 'accounts', account, 'allowFrom']
    : [...section, 'allowFrom']
  const present = current.accounts[account]?.access.allowFrom ?? []
  const named = edit.numbers.map((number) => (number === EVERYBODY ? number : toE164(number)))
  if (edit.kind === 'set') return setNumbers(text, list, named)
  const wanted =
    edit.kind === 'add' ? [...present, ...named] : present.filter((number) => !named.includes(number))
  const unique = [...new Set(wanted)]
  const unchanged = unique.length === present.length && unique.every((number) => present.includes(number))
  return unchanged ? text : setNumbers(text, list, unique)
}

function editEnabled(text: string, account: string, enabled: boolean): string {
  const parsed = parseConfig(text)
  const section = channelSection(parsed, new Problems(parsed.root)).path
  const own = nodeAt(parsed.root, [...section, 'accounts', account]) !== null
  return setValue(
    text,
    own ? [...section, 'accounts', account, 'enabled'] : [...section, 'enabled'],
    String(enabled),
  )
}

function toE164(value: string): string {
  const number = normalizePhoneNumber(value)
  if (number.ok) return number.e164
  throw new DaemonError('invalid_phone_number', {
    message: `This entry ${number.message}.`,
    details: { value, reason: number.code },
  })
}

function validate(text: string, resolve: EditInput['resolve']): void {
  try {
    resolve(text)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const [problem] = error.problems
    throw new DaemonError('config_invalid', {
      message: problem.message,
      details: { ...problem },
      cause: error,
    })
  }
}

function write(path: string, before: string, after: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    if (existsSync(path)) accessSync(path, constants.W_OK)
    writeAtomically(path, after, {
      mode: 0o600,
      guard: () => {
        const now = existsSync(path) ? readFileSync(path, 'utf8') : ''
        if (now !== before)
          throw new DaemonError('config_conflict', { details: { revision: revisionOf(now) } })
      },
    })
  } catch (error) {
    if (error instanceof DaemonError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    throw new DaemonError('config_read_only', {
      message: `The config file ${path} cannot be written (${code ?? message}).`,
      cause: error,
    })
  }
}
