import type { StoredContent, StoredReference } from '../outbox/stored-content.ts'
import type { AnswerPiece } from './answer-piece.ts'
import { shownContent } from './items/shown-content.ts'
import type { OutgoingRedaction } from './outgoing-redaction.ts'
import { type TextMessage, type TextSettings, toReplyParts } from './reply-text.ts'

/** Longer ones are cut by WhatsApp's apps; what is more goes as a text behind the file. */
const MAX_CAPTION = 1_024

/** A message of an answer, before it is queued. */
export interface ReplyMessage extends TextMessage {
  /** What it is besides words. */
  content: StoredContent | null
  /** Whether it shows words of the agent's, and so the prefix of an answer. */
  hasWords: boolean
}

export interface ReplyMessagesInput {
  settings: TextSettings
  redaction: Pick<OutgoingRedaction, 'plain' | 'formatted'>
  /** No words of this answer went out before. */
  first: boolean
  /** The message with this id of WhatsApp's, the last one of the turn without one; `null` where it is not known. */
  targetOf: (messageId: string | null) => StoredReference | null
}

/** The messages that a piece of an answer becomes, in order; none of what cannot go out. */
export function replyMessages(piece: AnswerPiece, input: ReplyMessagesInput): ReplyMessage[] {
  if (piece.kind === 'words') return textMessages(piece.text, piece, input)
  const { item } = piece
  switch (item.kind) {
    case 'unusable':
      return textMessages(item.caption, piece, input)
    case 'text':
      return textMessages(item.text, piece, input)
    case 'reaction': {
      const target = input.targetOf(item.messageId)
      if (target === null) return []
      const { sequence, isOurs } = target
      const reaction = { type: 'reaction' as const, emoji: item.emoji, target: sequence }
      return [withoutWords({ ...reaction, ...(isOurs && { isToOurs: true }) })]
    }
    case 'contactField':
      return []
    case 'content':
      return item.content.type === 'file'
        ? fileMessages(item.content, item.caption, piece, input)
        : [withoutWords(item.content)]
  }
}

/** The caption stands below the file where people see one there, and behind it otherwise. */
function fileMessages(
  content: Extract<StoredContent, { type: 'file' }>,
  caption: string,
  piece: AnswerPiece,
  input: ReplyMessagesInput,
): ReplyMessage[] {
  const { kind } = content
  if (kind === 'voice' || kind === 'audio' || kind === 'sticker')
    return [withoutWords(content), ...textMessages(caption, piece, input)]
  const settings = { ...input.settings, textChunkLimit: Math.min(MAX_CAPTION, input.settings.textChunkLimit) }
  const [first, ...others] = textMessages(caption, piece, { ...input, settings })
  if (first === undefined) return [withoutWords(content)]
  const withCaption = { ...content, caption: first.text }
  return [
    { text: shownContent(withCaption), prefixLength: 0, content: withCaption, hasWords: true },
    ...others,
  ]
}

function textMessages(
  text: string,
  { reader }: AnswerPiece,
  { settings, redaction, first }: ReplyMessagesInput,
): ReplyMessage[] {
  return toReplyParts(text, settings, { first, reader, redaction }).map((part) => ({
    ...part,
    content: null,
    hasWords: true,
  }))
}

function withoutWords(content: StoredContent): ReplyMessage {
  return { text: shownContent(content), prefixLength: 0, content, hasWords: false }
}
