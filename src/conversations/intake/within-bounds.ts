import {
  type ContentPart,
  type FileDescription,
  type IncomingContent,
  type QuotedMessage,
} from '../../messaging/content.ts'
import type { IncomingMessage } from '../../messaging/incoming-message.ts'
import { TEXT_LIMITS } from '../../protocol/text/text-limits.ts'
import { storedTime } from '../../storage/database/stored-time.ts'
import {
  boundedName,
  boundedText,
  cleanLine,
  cutText,
  isIdentifier,
  storableText,
} from '../../text/bounded-text.ts'

/** File systems allow no longer names. */
const MAX_FILE_NAME = 255
/** A part of it would lead nowhere. */
const MAX_MEDIA_SOURCE = 4_096

/**
 * The message with no more of each text than is kept, as the database gives it back: names are one printable line, and a
 * time that is impossible is that of its arrival, `now`. `null` when its id, its chat, its sender or what it changes is
 * named by what can be no name: cut, it would name something else.
 */
export function withinBounds(message: IncomingMessage, now: Date): IncomingMessage | null {
  const { id, chat, sender, sentAt, writtenByOwner } = message
  const { displayName } = sender
  const other = writtenByOwner?.to?.address ?? sender.address
  if (![id, chat.address, sender.address, other].every(isIdentifier)) return null
  const content = boundedContent(message.content)
  if (content === null) return null
  return {
    ...message,
    content,
    sender: { ...sender, displayName: displayName === null ? null : boundedName(displayName) },
    sentAt: storedTime(sentAt.getTime()).getTime() === sentAt.getTime() ? sentAt : now,
  }
}

function boundedContent(content: IncomingContent): IncomingContent | null {
  switch (content.kind) {
    case 'message':
      return {
        ...content,
        parts: boundedParts(content.parts),
        quoted: boundedQuote(content.quoted),
        album: content.album && isIdentifier(content.album.id) ? content.album : undefined,
      }
    case 'edit':
      return isIdentifier(content.targetId) ? { ...content, parts: boundedParts(content.parts) } : null
    case 'revoke':
      return isIdentifier(content.targetId) ? content : null
    case 'reaction': {
      const { targetId, emoji } = content
      // Some clients name no message; that reaction is to nothing.
      if (targetId !== '' && !isIdentifier(targetId)) return null
      return { ...content, emoji: cutText(storableText(emoji), TEXT_LIMITS.emoji) }
    }
    case 'unsupported':
      return { ...content, what: cleanLine(content.what, TEXT_LIMITS.name) }
  }
}

function boundedParts(parts: readonly ContentPart[]): readonly ContentPart[] {
  return parts.map((part) => {
    const text = boundedText(part.text)
    if (part.kind === 'text') return { ...part, text }
    const { file, media, ...rest } = part
    return {
      ...rest,
      text,
      ...(file && { file: boundedFile(file) }),
      ...(media && media.source.length <= MAX_MEDIA_SOURCE && { media }),
    }
  })
}

/** A quote of nothing that can be named is left out; the message itself counts. */
function boundedQuote(quoted: QuotedMessage | null): QuotedMessage | null {
  if (quoted === null || !isIdentifier(quoted.id)) return null
  const { id, text, what = null, author = null } = quoted
  return {
    id,
    text: text === null ? null : boundedText(text),
    what: what === null ? null : cleanLine(what, TEXT_LIMITS.sentence) || null,
    author: author !== null && isIdentifier(author) ? author : null,
  }
}

function boundedFile({ kind, what, name, mimeType, size, isViewOnce }: FileDescription): FileDescription {
  return {
    kind,
    what: cleanLine(what, TEXT_LIMITS.sentence),
    name: name === null ? null : cleanLine(name, MAX_FILE_NAME) || null,
    mimeType: mimeType === null ? null : cleanLine(mimeType, TEXT_LIMITS.name) || null,
    size,
    ...(isViewOnce && { isViewOnce }),
  }
}
