import {
  type ContentPart,
  type IncomingContent,
  type QuotedMessage,
  shownText,
} from '../../messaging/content.ts'
import { filesIn } from './files-in.ts'

/** Of the details of one message, as JSON. */
const MAX_DETAILS_LENGTH = 32_000

interface ContentColumns {
  /** What is in the row; `text` for a message. */
  kind: string
  text: string
  target: string | null
  quoted: QuotedMessage | null
  files: string | null
  details: string | null
  album: string | null
}

/** What the inbox keeps of what a message says. */
export function contentColumns(content: IncomingContent): ContentColumns {
  const bare = { kind: content.kind, target: null, quoted: null, files: null, details: null, album: null }
  switch (content.kind) {
    case 'message': {
      const { parts, quoted, album } = content
      const files = filesIn(parts).map(({ file }) => file)
      return {
        kind: 'text',
        text: shownText(parts),
        target: quoted?.id ?? null,
        quoted,
        files: files.length === 0 ? null : JSON.stringify(files),
        details: detailsOf(parts),
        album: album?.id ?? null,
      }
    }
    case 'reaction':
      return { ...bare, text: content.emoji, target: content.targetId }
    case 'edit':
      return { ...bare, text: shownText(content.parts), target: content.targetId }
    case 'revoke':
      return { ...bare, text: '', target: content.targetId }
    case 'unsupported':
      return { ...bare, text: content.what }
  }
}

/** As many as there is room for. */
function detailsOf(parts: readonly ContentPart[]): string | null {
  let room = MAX_DETAILS_LENGTH
  const kept = parts
    .flatMap((part) => (part.kind === 'text' ? (part.details ?? []) : []))
    .map((detail) => JSON.stringify(detail))
    .filter((detail) => (room -= detail.length) >= 0)
  return kept.length === 0 ? null : `[${kept.join(',')}]`
}
