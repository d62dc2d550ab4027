import { accessSync, constants, lstatSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DaemonError } from '../../protocol/errors.ts'
import type { ConfigProblem } from '../../protocol/config-problem.ts'
import type { Config } from '../model.ts'
import { configEditOf, type EditRequest } from './edit-request.ts'
import { isRecord } from '../../protocol/is-record.ts'
import { refuseOwnerSyntax } from './refuse-owner-syntax.ts'
import { ConfigDocument } from '../document/config-document.ts'
import type { EvaluatedText } from '../evaluation/evaluation.ts'
import { broken, readOnly, unlessBroken } from './plan-edit.ts'
import { readConfigFile } from '../file/read-config-file.ts'
import { revisionOf } from '../read/resolve.ts'
import { type ConfigTarget, writeConfig } from '../file/write-config.ts'

interface EditInput {
  place: ConfigTarget
  edit: EditRequest
  /** What the caller read; any when absent. */
  revision: string | undefined
  current: Config
  problems: readonly ConfigProblem[]
  /** Works out the edit of `text`, as `planEdit`. */
  plan: (input: {
    edit: EditRequest
    text: string
    revision: string | undefined
  }) => Promise<EvaluatedText | null>
}

/** Another program has written the file meanwhile. */
class FileChanged extends Error {
  readonly text: string

  constructor(text: string) {
    super('the file has changed')
    this.text = text
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
  const before = readText(place.path)
  const planned = await plan({ edit, text: before, revision })
  if (planned === null) return null
  try {
    await write(place, before, planned.text)
    return planned
  } catch (error) {
    if (!(error instanceof FileChanged)) throw error
    // Throws the conflict, with the present content.
    await plan({ edit, text: error.text, revision: revisionOf(before) })
    throw new DaemonError('config_conflict', { details: { revision: revisionOf(error.text) } })
  }
}

async function write(place: ConfigTarget, before: string, after: string): Promise<void> {
  const { path } = place
  try {
    mkdirSync(dirname(path), { recursive: true })
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) accessSync(path, constants.W_OK)
    const guard = (): void => {
      const now = readText(path)
      if (now !== before) throw new FileChanged(now)
    }
    await writeConfig(place, { before, after, guard })
  } catch (error) {
    if (error instanceof DaemonError || error instanceof FileChanged) throw error
    const code = isRecord(error) ? String(error['code']) : 'unknown'
    throw readOnly(`The config file ${path} cannot be written (${code}).`, {
      cause: error,
      action: cureOf(code),
    })
  }
}

function cureOf(code: string): string | undefined {
  if (code === 'EROFS')
    return 'It is on a file system that can only be read: mount it writable, or edit the file where it comes from.'
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'Free some space, then repeat the edit.'
  if (code !== 'EACCES' && code !== 'EPERM') return undefined
  return `Give the user that runs whatsappd (${process.geteuid?.() ?? 'unknown'}) the permissions to write the file and its directory, or edit the file itself.`
}

/** The text of the file; nothing only where there is none yet. */
function readText(path: string): string {
  const content = readConfigFile(path)
  if (content.kind === 'text' && content.text !== '') return content.text
  if (content.kind === 'text') return unlessBroken(() => ConfigDocument.read(content.text).text)
  if (content.kind === 'missing') return ''
  const { code, why } = content
  throw broken({ code, path: '', line: null, column: null, message: `The config file ${path} ${why}.` })
}
