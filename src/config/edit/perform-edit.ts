import { accessSync, constants, lstatSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { DaemonError } from '../../protocol/errors.ts'
import type { ConfigProblem } from '../../protocol/config/config-problem.ts'
import type { Config } from '../model.ts'
import { configEditOf, type EditRequest } from './edit-request.ts'
import { isRecord } from '../../protocol/is-record.ts'
import { refuseOwnerSyntax } from './refuse-owner-syntax.ts'
import { ConfigDocument } from '../document/config-document.ts'
import type { EvaluatedText } from '../evaluation/evaluation.ts'
import { broken, readOnly, unlessBroken } from './plan-edit.ts'
import { readConfigContent } from '../file/read-config-content.ts'
import { type ConfigText, identityOf } from '../include/config-text.ts'
import { revisionOf } from '../read/resolve.ts'
import { writeIncluded } from '../file/write-included.ts'
import { type ConfigTarget, writeConfig } from '../file/write-config.ts'

interface EditPlace extends ConfigTarget {
  env: NodeJS.ProcessEnv
}

interface EditInput {
  place: EditPlace
  edit: EditRequest
  /** What the caller read; any when absent. */
  revision: string | undefined
  current: Config
  problems: readonly ConfigProblem[]
  /** Works out the edit of this content, as `planEdit`. */
  plan: (input: {
    edit: EditRequest
    content: ConfigText
    revision: string | undefined
  }) => Promise<EvaluatedText | null>
}

/** Another program has written the file meanwhile. */
class FileChanged extends Error {
  readonly content: ConfigText

  constructor(content: ConfigText) {
    super('the file has changed')
    this.content = content
  }
}

/**
 * Edits the file and answers with its new content, on disk, or with `null` when nothing had to change. All or nothing; throws
 * `DaemonError`: `config_read_only`, `config_broken`, `config_conflict`, `config_invalid`, and what the edit itself throws.
 */
export async function performEdit(input: EditInput): Promise<EvaluatedText | null> {
  const { place, edit, current, problems, revision, plan } = input
  if (!current.configWrites) throw readOnly(`${current.section}.configWrites is false.`)
  const [problem] = problems
  if (problem !== undefined) throw broken(problem)
  refuseOwnerSyntax(edit)
  configEditOf(edit).prepare?.(current)
  const before = readContent(place)
  const planned = await plan({ edit, content: before, revision })
  if (planned === null) return null
  try {
    await write(place, before, planned.content)
    return planned
  } catch (error) {
    if (!(error instanceof FileChanged)) throw error
    // Throws the conflict, with the present content.
    await plan({ edit, content: error.content, revision: revisionOf(identityOf(before)) })
    throw new DaemonError('config_conflict', { details: { revision: revisionOf(identityOf(error.content)) } })
  }
}

/** The one file of these that the edit changes. */
async function write(place: EditPlace, before: ConfigText, after: ConfigText): Promise<void> {
  const guard = (): void => {
    const now = readContent(place)
    if (identityOf(now) !== identityOf(before)) throw new FileChanged(now)
  }
  const included = changedInclude(before, after)
  const path = included?.path ?? place.path
  try {
    mkdirSync(dirname(path), { recursive: true })
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) accessSync(path, constants.W_OK)
    if (included === null) await writeConfig(place, { before: before.text, after: after.text, guard })
    else await writeIncluded(included, guard)
  } catch (error) {
    if (error instanceof DaemonError || error instanceof FileChanged) throw error
    const code = isRecord(error) ? String(error['code']) : 'unknown'
    throw readOnly(
      `The ${included === null ? 'config' : 'included'} file ${path} cannot be written (${code}).`,
      {
        cause: error,
        action: cureOf(code),
      },
    )
  }
}

function cureOf(code: string): string | undefined {
  if (code === 'EROFS')
    return 'It is on a file system that can only be read: mount it writable, or edit the file where it comes from.'
  if (code === 'EBUSY')
    return 'It has a second name, or is mounted by itself, so that no other file can take its place: edit the file itself.'
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'Free some space, then repeat the edit.'
  if (code !== 'EACCES' && code !== 'EPERM') return undefined
  return `Give the user that runs whatsappd (${process.geteuid?.() ?? 'unknown'}) the permissions to write the file and its directory, or edit the file itself.`
}

function changedInclude(before: ConfigText, after: ConfigText): { path: string; text: string } | null {
  for (const { from, written, path, content } of after.included ?? []) {
    const old = before.included?.find((each) => each.from === from && each.written === written)
    if ('text' in content && old !== undefined && !isDeepStrictEqual(old.content, content))
      return { path, text: content.text }
  }
  return null
}

/** The text of the file, with those that it includes; an empty one only where there is none yet. */
function readContent({ path, env }: EditPlace): ConfigText {
  const content = readConfigContent(path, env)
  if (content.kind === 'text' && content.text !== '') {
    const { kind: _kind, ...files } = content
    return files
  }
  if (content.kind === 'text') return unlessBroken(() => ConfigDocument.read(content.text).files)
  if (content.kind === 'missing') return { text: '' }
  const { code, why } = content
  throw broken({ code, path: '', line: null, column: null, message: `The config file ${path} ${why}.` })
}
