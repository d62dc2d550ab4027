import type { ConfigDocument } from '../document/config-document.ts'
import { composedDocument } from '../include/composed-document.ts'
import { type ConfigText, identityOf } from '../include/config-text.ts'
import type { EditRequest } from '../edit/edit-request.ts'
import { planEdit, unlessBroken } from '../edit/plan-edit.ts'
import type { Config } from '../model.ts'
import { ConfigError } from '../problems/config-error.ts'
import { resolveDocument, type ResolveContext } from '../read/resolve.ts'
import type { ConnectorTable } from '../settings/connector-settings.ts'
import { changedPaths } from './changed-paths.ts'

interface EvaluationInput {
  /** The content of the file; an empty text where there is none yet. */
  content: ConfigText
  /** The config in force. */
  current: Config
  context: Omit<ResolveContext, 'connectors'>
}

/** `plan` works out an edit of the text; `resolve` reads the text as it is. */
export type EvaluationRequest =
  | ({ kind: 'resolve' } & EvaluationInput)
  | ({
      kind: 'plan'
      edit: EditRequest
      /** What the caller read; any when absent. */
      revision: string | undefined
    } & EvaluationInput)

/** The content of a file and what it brings into force. */
export interface EvaluatedText {
  content: ConfigText
  /** The same as one text, in which nothing is included any more. */
  text: string
  config: Config
  /** Dotted paths of the settings that differ from those in force. */
  changed: string[]
}

/**
 * Reads texts and works out edits. Remembers the document of last: an edit begins with the text that was read before, and
 * what it makes is the text that is read next.
 */
export class Evaluation {
  readonly #connectors: ConnectorTable
  #latest: ConfigDocument | null = null

  constructor(connectors: ConnectorTable) {
    this.#connectors = connectors
  }

  /**
   * `null` for an edit that has nothing to change. Throws `ConfigError`, and for a plan `DaemonError`: a file that this program fails to
   * read must not stop the daemon, nor its next start.
   */
  run(request: EvaluationRequest): EvaluatedText | null {
    return request.kind === 'resolve' ? this.#resolve(request) : this.#plan(request)
  }

  /** Forgets what it remembers. */
  clear(): void {
    this.#latest = null
  }

  #resolve({ content, current, context }: EvaluationInput): EvaluatedText {
    try {
      const document = this.#documentOf(content)
      const config = resolveDocument(document, { ...context, connectors: this.#connectors })
      return { content, text: document.text, config, changed: changedPaths(current, config) }
    } catch (error) {
      if (error instanceof ConfigError) throw error
      throw ConfigError.internal(error)
    }
  }

  #plan({
    content: file,
    edit,
    revision,
    current,
    context,
  }: Extract<EvaluationRequest, { kind: 'plan' }>): EvaluatedText | null {
    const before = unlessBroken(() => this.#documentOf(file))
    const complete = { ...context, connectors: this.#connectors }
    const plan = planEdit({ edit, before, revision, current, context: complete })
    if (plan === null) return null
    const { after, config, changed } = plan
    this.#latest = after
    return { content: after.files, text: after.text, config, changed }
  }

  #documentOf(content: ConfigText): ConfigDocument {
    const known = this.#latest
    if (known !== null && identityOf(known.files) === identityOf(content)) return known
    this.#latest = composedDocument(content)
    return this.#latest
  }
}
