import type { MessageAuthor } from '../../access/may-send.ts'
import type { AccountConfig } from '../../config/model.ts'
import { DaemonError } from '../../protocol/errors.ts'
import { sendableText } from '../../text/bounded-text.ts'
import type { Admission } from '../intake/admission.ts'
import type { OutgoingRedaction } from '../replies/outgoing-redaction.ts'
import type { TextMessage } from '../replies/reply-text.ts'

export interface SentTextDependencies {
  admission: Pick<Admission, 'maySend'>
  redaction: Pick<OutgoingRedaction, 'plain'>
  config: () => AccountConfig
}

/**
 * A text as it goes out: as it was written, in WhatsApp's own marks. What an assistant says by itself has the prefix of every message of
 * the assistant's, and nothing that must not leave the sandbox. Throws `DaemonError` (`invalid_params`) where nothing of it can be seen.
 */
export function sentText(
  { redaction, config }: SentTextDependencies,
  written: string,
  author: MessageAuthor,
): TextMessage {
  const text = sendableText(author === 'assistant' ? redaction.plain(written) : written)
  if (text.trim() === '') throw new DaemonError('invalid_params', { message: 'The text is empty.' })
  const prefix = author === 'assistant' ? config().messagePrefix : ''
  return { text: sendableText(prefix + text), prefixLength: Array.from(prefix).length }
}
