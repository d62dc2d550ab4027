import type { MessageReference } from '../../messaging/message-reference.ts'
import type { OutgoingContent, OutgoingPart } from '../../messaging/outgoing-message.ts'
import type { MediaFiles } from '../media/media-files.ts'
import { type MessageContent, parseContent, type StoredContent } from '../outbox/stored-content.ts'
import { type InboxStore, referenceOf } from '../store/inbox-store.ts'
import type { OutboxRow, OutboxStore } from '../outbox/outbox-store.ts'

type Quote = Extract<OutgoingContent, { kind: 'message' }>['quote']

export interface SentFrom {
  inbox: Pick<InboxStore, 'find'>
  outboxStore: Pick<OutboxStore, 'bySequence'>
  files: Pick<MediaFiles, 'pathOf'>
}

/** The message that a reply quotes, as it is now; nothing of one that was deleted. */
function quoteOf(from: SentFrom, { quotes, quotes_own, conversation }: OutboxRow): Quote {
  if (quotes_own !== null) {
    const own = sentRow(from, quotes_own, conversation)
    return own && { message: own.reference, text: own.text }
  }
  if (quotes === null) return undefined
  const row = from.inbox.find(quotes)
  if (row === undefined || row.conversation !== conversation || row.address === null || row.text === '') {
    return undefined
  }
  return { message: referenceOf(row), text: row.text }
}

/** A message of ours that is out, in this conversation. */
function sentRow(
  { outboxStore }: SentFrom,
  sequence: number,
  conversation: number,
): { reference: MessageReference; text: string } | undefined {
  const reference = sentReference({ outboxStore }, sequence, conversation)
  const text = outboxStore.bySequence(sequence)?.text ?? ''
  return reference === undefined || text === '' ? undefined : { reference, text }
}

/** The same, also where it was deleted since: a phone may ask for the deletion again. */
function sentReference(
  { outboxStore }: Pick<SentFrom, 'outboxStore'>,
  sequence: number,
  conversation: number,
): MessageReference | undefined {
  const row = outboxStore.bySequence(sequence)
  if (row?.conversation !== conversation || row.remote_id === null) return undefined
  if (row.state === 'failed' || row.state === 'discarded') return undefined
  const chat = { kind: row.chat_kind, address: row.chat }
  return { chat, id: row.remote_id, sender: null, isOurs: true }
}

/** The message that a reaction is to. */
function targetOf(
  from: SentFrom,
  { target: sequence, isToOurs }: Extract<StoredContent, { type: 'reaction' }>,
  conversation: number,
): MessageReference | undefined {
  if (isToOurs === true) return sentRow(from, sequence, conversation)?.reference
  const target = from.inbox.find(sequence)
  return target?.conversation === conversation ? referenceOf(target) : undefined
}

/** What goes out of a row of the outbox; `null` where its file, or what it reacts to, is gone. */
export function contentOf(from: SentFrom, row: OutboxRow): OutgoingContent | null {
  const content = row.content === null ? null : parseContent(row.content)
  if (content?.type === 'reaction') {
    const target = targetOf(from, content, row.conversation)
    if (target === undefined) return null
    return {
      kind: 'reaction',
      emoji: content.emoji,
      target,
      at: new Date(row.queued_at),
    }
  }
  if (content?.type === 'edit' || content?.type === 'revoke') return revisionOf(from, content, row)
  const part = row.content === null ? ({ kind: 'text', text: row.text } as const) : partOf(from, content)
  return part === null ? null : { kind: 'message', part, quote: quoteOf(from, row) }
}

function revisionOf(
  from: SentFrom,
  content: Extract<StoredContent, { type: 'edit' | 'revoke' }>,
  { conversation, queued_at }: OutboxRow,
): OutgoingContent | null {
  const target = sentReference(from, content.target, conversation)
  if (target === undefined) return null
  return content.type === 'revoke'
    ? { kind: 'revoke', target }
    : { kind: 'edit', target, text: content.text, at: new Date(queued_at) }
}

function partOf({ files }: SentFrom, content: MessageContent | null): OutgoingPart | null {
  if (content === null) return null
  if (content.type !== 'file') {
    const { type: kind, ...said } = content
    // The kinds have the same names and members in both.
    return { kind, ...said } as OutgoingPart
  }
  const { type: _type, media, caption: text, ...file } = content
  const path = files.pathOf(media)
  return path === null ? null : { kind: 'file', text, file: { ...file, path } }
}
