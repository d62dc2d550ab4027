import type { Logger } from 'pino'
import type { AccountConfig } from '../../config/model.ts'
import type { FormattedText } from '../../text/formatted-text.ts'
import { type Redacted, redactFormatted, redactText } from '../../text/redaction/redact-text.ts'
import type { Redactor } from '../../text/redaction/redactor.ts'

export interface OutgoingRedactionDeps {
  config: () => Pick<AccountConfig, 'redactOutgoing'>
  redactor: () => Redactor
  /** More was taken out than before. */
  attentionChanged: () => void
  logger: Logger
}

/**
 * Takes out of an agent's texts what must not leave this sandbox, unless the config says otherwise, and counts it. Every text of an agent
 * goes through it before it is stored: answers, captions, names of files, options of polls.
 */
export class OutgoingRedaction {
  readonly #deps: OutgoingRedactionDeps
  #count = 0

  constructor(deps: OutgoingRedactionDeps) {
    this.#deps = deps
  }

  /** How often something was taken out since this was made. */
  get count(): number {
    return this.#count
  }

  /** A text without WhatsApp's marks, or Markdown as the agent wrote it. */
  plain(text: string): string {
    return this.#apply(text, redactText)
  }

  /** A text as WhatsApp shows it, before it is cut into messages. */
  formatted(text: FormattedText): FormattedText {
    return this.#apply(text, redactFormatted)
  }

  #apply<Text>(text: Text, redact: (text: Text, redactor: Redactor) => Redacted<Text>): Text {
    const { config, redactor, logger, attentionChanged } = this.#deps
    if (!config().redactOutgoing) return text
    const { text: shown, count } = redact(text, redactor())
    if (count === 0) return text
    if (this.#count === 0)
      logger.warn(
        'a directory or a secret of this sandbox stood in an answer and was taken out; further ones are counted in the status of the account',
      )
    this.#count += count
    // Not within the transaction that stores the answer.
    setImmediate(attentionChanged)
    return shown
  }
}
