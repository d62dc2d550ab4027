import { isDeepStrictEqual } from 'node:util'
import { DaemonError } from '../../protocol/errors.ts'
import type { ConfigProblem } from '../../protocol/config/config-problem.ts'
import { changedPaths } from '../evaluation/changed-paths.ts'
import { channelSection } from '../read/channel-section.ts'
import { composedDocument } from '../include/composed-document.ts'
import { identityOf, INCLUDE_KEY } from '../include/config-text.ts'
import { EditableComposition, NoSingleFile } from '../include/editable-composition.ts'
import { ConfigError } from '../problems/config-error.ts'
import type { Config } from '../model.ts'
import { configEditOf, type EditRequest } from './edit-request.ts'
import type { ConfigEdit } from './config-edit.ts'
import { foldLists } from './fold-lists.ts'
import { ConfigDocument } from '../document/config-document.ts'
import { resolveDocument, type ResolveContext, revisionOf } from '../read/resolve.ts'
import { cureOfReplaced } from '../problems/replaced-outside.ts'

export interface PlanInput {
  edit: EditRequest
  /** The file; empty where there is none yet. */
  before: ConfigDocument
  /** What the caller read; any when absent. */
  revision: string | undefined
  current: Config
  context: ResolveContext
}

/** What an edit leads to. */
export interface EditPlan {
  after: ConfigDocument
  config: Config
  /** Dotted paths of the settings that differ from those in force. */
  changed: string[]
}

/** What an edit starts from where there is no file yet. */
const NEW_FILE = '{\n}\n'

/**
 * Works out an edit without touching the file; `null` when nothing has to change. Throws `DaemonError`: `config_read_only`,
 * `config_broken`, `config_conflict`, `config_invalid`, and what the edit itself throws.
 */
export function planEdit(input: PlanInput): EditPlan | null {
  const { before, revision, current, context } = input
  const edit = configEditOf(input.edit)
  if (revision !== undefined && revision !== revisionOf(identityOf(before.files))) throw conflict(input, edit)
  const editable = before.origin === null ? null : new EditableComposition(before.origin.composition)
  const start = editable?.document ?? startOf(before)
  const closed = unlessBroken(() => closedAccounts(start, current))
  const edited = unlessBroken(() => applied(edit, start, current))
  if (edited.text === start.text) {
    refuseClosedAccounts(closed, edit.account, current, null)
    return null
  }
  const after = editable === null ? edited : withChangedFile(before, editable, edited)
  const config = outcomeOf(after, context)
  refuseNewBadEntries(current, config)
  refuseClosedAccounts(closed, edit.account, current, config)
  edit.check(current, config)
  return { after, config, changed: changedPaths(current, config) }
}

/** The files after an edit of their composition, of which it changes one. */
function withChangedFile(
  before: ConfigDocument,
  editable: EditableComposition,
  edited: ConfigDocument,
): ConfigDocument {
  const { text, included = [] } = before.files
  try {
    const { file, text: changed } = editable.changedFile(edited)
    const after = composedDocument(
      file.name === ''
        ? { text: changed, included }
        : {
            text,
            included: included.map((each) =>
              each.path === file.path ? { ...each, content: { text: changed } } : each,
            ),
          },
    )
    // A file that is included twice is changed in both places.
    if (isDeepStrictEqual(after.value, edited.value)) return after
    throw new NoSingleFile([file.name])
  } catch (error) {
    if (error instanceof NoSingleFile) throw severalFiles(error.files)
    throw error
  }
}

function severalFiles(names: readonly string[]): DaemonError {
  const named = names.map((name) => (name === '' ? 'the config file' : name)).join(' and ')
  return readOnly(
    `What is to change comes from ${named === '' ? 'several files' : named} by "${INCLUDE_KEY}".`,
    {
      action: 'Make this change in the files themselves.',
    },
  )
}

function startOf(before: ConfigDocument): ConfigDocument {
  return before.text === '' ? new ConfigDocument(NEW_FILE) : before
}

/** Does the work that a broken file cannot be used for; `broken` tells so, with the place. */
export function unlessBroken<T>(step: () => T): T {
  try {
    return step()
  } catch (error) {
    if (error instanceof ConfigError) throw broken(error.problems[0])
    throw error
  }
}

export function broken(problem: ConfigProblem): DaemonError {
  const action = cureOfReplaced(problem)
  return new DaemonError('config_broken', {
    details: { ...problem },
    message: `The config file cannot be used as it stands: ${problem.message}`,
    ...(action === undefined ? {} : { action }),
  })
}

export function readOnly(
  message: string,
  { cause, action }: { cause?: unknown; action?: string | undefined } = {},
): DaemonError {
  return new DaemonError('config_read_only', { message, cause, ...(action === undefined ? {} : { action }) })
}

/** Long lists that the edit has nothing to do with are left out meanwhile: an edit of several steps reads the outcome of each. */
function applied(edit: ConfigEdit, document: ConfigDocument, current: Config): ConfigDocument {
  if (edit.keys === undefined) return edit.apply(document, current)
  const folded = foldLists(document, edit.keys)
  return folded.unfold(edit.apply(folded.document, current))
}

/** Accounts that forbid writes, with where they say so. */
function closedAccounts(document: ConfigDocument, current: Config): { id: string; setting: string }[] {
  const accounts = [...channelSection(document).path, 'accounts']
  return Object.keys(current.accounts).flatMap((id) => {
    const isClosed = document.nodeAt([...accounts, id, 'configWrites'])?.value === false
    return isClosed ? [{ id, setting: `${accounts.join('.')}.${id}.configWrites` }] : []
  })
}

/** No edit changes them, also not by a setting at the root that all accounts inherit. */
function refuseClosedAccounts(
  closed: readonly { id: string; setting: string }[],
  account: string | null,
  current: Config,
  outcome: Config | null,
): void {
  for (const { id, setting } of closed) {
    const isTouched = outcome !== null && !isDeepStrictEqual(current.accounts[id], outcome.accounts[id])
    if (id === account || isTouched) throw readOnly(`${setting} is false.`)
  }
}

/** By hand a bad entry is a slip, which must not keep the rest from being in force; an edit can be corrected and sent again. */
function refuseNewBadEntries(current: Config, outcome: Config): void {
  const [before, after] = [current.badEntries, outcome.badEntries]
  if (after === undefined || after.total <= (before?.total ?? 0)) return
  const known = new Set(before?.problems.map(({ path }) => path))
  const problem = after.problems.find(({ path }) => !known.has(path)) ?? after.problems[0]
  if (problem !== undefined)
    throw new DaemonError('config_invalid', { message: problem.message, details: { ...problem } })
}

/** What the text would bring into force. */
function outcomeOf(document: ConfigDocument, context: ResolveContext): Config {
  try {
    return resolveDocument(document, context)
  } catch (error) {
    const [problem] = (error instanceof ConfigError ? error : ConfigError.internal(error)).problems
    throw new DaemonError('config_invalid', {
      message: problem.message,
      details: { ...problem },
      cause: error,
    })
  }
}

/** Carries what a merge needs: the revision to build on, and what somebody else wrote there. */
function conflict({ before, context }: PlanInput, edit: ConfigEdit): DaemonError {
  const start = startOf(before)
  const present = unlessBroken(() => edit.present(start, resolveDocument(start, context)))
  return new DaemonError('config_conflict', {
    details: { revision: revisionOf(identityOf(before.files)), ...present },
  })
}
