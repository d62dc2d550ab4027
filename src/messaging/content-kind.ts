import type { IncomingContent } from './content.ts'
import type { OutgoingContent } from './outgoing-message.ts'

/** What arrived, as one word of a closed list: `text`, `image`, `location`, `reaction`, … */
export function kindOfIncoming(content: IncomingContent): string {
  if (content.kind !== 'message') return content.kind
  for (const part of content.parts) {
    if (part.kind === 'attachment') return part.file?.kind ?? 'other'
    const [detail] = part.details ?? []
    if (detail !== undefined) return detail.type
  }
  return 'text'
}

/** The same of what goes out. */
export function kindOfOutgoing(content: OutgoingContent): string {
  if (content.kind !== 'message') return content.kind
  return content.part.kind === 'file' ? content.part.file.kind : content.part.kind
}
