import { accessSync, constants, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { DaemonError } from '../protocol/errors.ts'
import type { ConfigProblem } from '../protocol/events.ts'
import { writeAtomically } from './atomic-write.ts'
import { channelSection } from './channel-section.ts'
import { ConfigError } from './config-error.ts'
import type { Config } from './config.ts'
import type { FileEdit } from './file-edit.ts'
import { isRecord } from './is-record.ts'
import { nodeAt, parseConfig } from './parse.ts'
import { readConfigFile } from './read-config-file.ts'
import { revisionOf } from './resolve.ts'

export interface EditInput {
  path: string
  edit: FileEdit
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
 * `config_broken`, `config_conflict`, `config_invalid`, and what the edit itself throws.
 */
export function applyEdit(input: EditInput): string | null {
  const { path, edit, current, problems, revision } = input
  if (!current.configWrites) throw readOnly('channels.whatsapp.configWrites is false.')
  const [problem] = problems
  if (problem !== undefined) throw broken(problem)
  edit.prepare?.(current)
  const before = readText(path)
  if (revision !== undefined && revision !== revisionOf(before)) throw conflict(input, before)
  const start = before === '' ? NEW_FILE : before
  const after = mending(() => edit.apply(start, current))
  if (after === start) {
    refuseClosedAccounts(start, current, null, edit.account)
    return null
  }
  const outcome = resolved(input, after)
  refuseClosedAccounts(start, current, outcome, edit.account)
  edit.check(current, outcome)
  write(input, before, after)
  return after
}

/** Accounts that forbid writes change through no edit, also not through what stands at the root for all of them. */
function refuseClosedAccounts(
  text: string,
  current: Config,
  outcome: Config | null,
  account: string | null,
): void {
  const parsed = mending(() => parseConfig(text))
  const accounts = [...channelSection(parsed).path, 'accounts']
  for (const id of Object.keys(current.accounts)) {
    const writes = nodeAt(parsed.root, [...accounts, id, 'configWrites'])
    if (writes?.type !== 'Boolean' || writes.value) continue
    const isTouched = outcome !== null && !isDeepStrictEqual(current.accounts[id], outcome.accounts[id])
    if (id === account || isTouched) throw readOnly(`${accounts.join('.')}.${id}.configWrites is false.`)
  }
}

/** What the text would bring into force. */
function resolved({ resolve }: EditInput, text: string): Config {
  try {
    return resolve(text)
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

function write(input: EditInput, before: string, after: string): void {
  const { path } = input
  try {
    mkdirSync(dirname(path), { recursive: true })
    if (readConfigFile(path).kind !== 'missing') accessSync(path, constants.W_OK)
    writeAtomically(path, after, {
      newMode: 0o600,
      guard: () => {
        const now = readText(path)
        if (now !== before) throw conflict(input, now)
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

/** Carries what a merge needs: the revision to build on, and what somebody else wrote there. */
function conflict({ edit, resolve }: EditInput, text: string): DaemonError {
  const start = text === '' ? NEW_FILE : text
  const present = mending(() => edit.present(parseConfig(start), resolve(start)))
  return new DaemonError('config_conflict', { details: { revision: revisionOf(text), ...present } })
}

function readOnly(message: string, cause?: unknown): DaemonError {
  return new DaemonError('config_read_only', cause === undefined ? { message } : { message, cause })
}
