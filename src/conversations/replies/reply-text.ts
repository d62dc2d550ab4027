import type { AccountConfig } from '../../config/model.ts'
import { chunkText } from '../../text/chunk.ts'
import { cutFormatted } from '../../text/cut-formatted.ts'
import { sendableText } from '../../text/bounded-text.ts'
import type { TextReader } from '../../text/text-reader.ts'
import type { OutgoingRedaction } from './outgoing-redaction.ts'

export interface TextMessage {
  text: string
  /** How much of `text` is a configured prefix, in code points. */
  prefixLength: number
}

export type TextSettings = Pick<
  AccountConfig,
  'textChunkLimit' | 'chunkMode' | 'markdown' | 'messagePrefix' | 'responsePrefix'
>

/** A longer reply is cut off here, in UTF-16 code units. */
export const MAX_REPLY_LENGTH = 100_000
/** A prefix leaves at least this much room for the text itself. */
const MIN_ROOM = 16

/**
 * What an assistant said as messages for WhatsApp: without what must not leave the sandbox (`redaction`; before marks are translated,
 * which may change it, and after, which may put it together), marks translated as its `reader` does, cut to size, with the prefixes:
 * `messagePrefix` before each message, `responsePrefix` before the first one of a reply (`first`).
 */
export function toReplyParts(
  text: string,
  settings: TextSettings,
  options: { first: boolean; reader: TextReader; redaction: Pick<OutgoingRedaction, 'plain' | 'formatted'> },
): TextMessage[] {
  const { reader, redaction } = options
  const whole = redaction.formatted(reader.format(redaction.plain(sendableText(text)), settings.markdown))
  // Marks may make a text many times as long.
  const formatted = cutFormatted(whole, MAX_REPLY_LENGTH)
  const prefix = (index: number): string =>
    settings.messagePrefix + (options.first && index === 0 ? settings.responsePrefix : '')
  const room = Math.max(MIN_ROOM, settings.textChunkLimit - prefix(0).length)
  return chunkText(formatted, room, settings.chunkMode).map((chunk, index) => ({
    text: sendableText(prefix(index) + chunk),
    prefixLength: Array.from(prefix(index)).length,
  }))
}

/** A sentence of the daemon itself. */
export function toNoticePart(text: string, settings: TextSettings): TextMessage {
  return {
    text: sendableText(settings.messagePrefix + text),
    prefixLength: Array.from(settings.messagePrefix).length,
  }
}
