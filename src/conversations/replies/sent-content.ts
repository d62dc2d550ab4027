import type { OutgoingContent } from '../../messaging/outgoing-message.ts'
import type { Admission } from '../intake/admission.ts'
import type { MediaFiles } from '../media/media-files.ts'
import type { OutboxStore } from '../outbox/outbox-store.ts'
import { ackContent } from '../reactions/ack-content.ts'
import type { AckStore } from '../reactions/ack-store.ts'
import type { InboxStore } from '../store/inbox-store.ts'
import { numberOf } from '../store/person.ts'
import { contentOf } from './quote.ts'

export interface SentContentInput {
  inbox: InboxStore
  outboxStore: OutboxStore
  ackStore: AckStore
  admission: Admission
  mediaFiles: MediaFiles
}

/**
 * What went out under this id, from disk, for a phone that could not decrypt it and asks again. Only in the group, or
 * for the person, that it was written to (`asker`), and only while it might go out: anybody can name an id.
 */
export function sentContent(
  { inbox, outboxStore, ackStore, admission, mediaFiles }: SentContentInput,
  remoteId: string,
  asker: { chat: string; phoneNumber: string | null },
): OutgoingContent | null {
  const row = outboxStore.findRemote(remoteId)
  const ack = row === undefined ? ackStore.find(remoteId) : undefined
  const sent = row ?? (ack && { ...ack, after_inbox: ack.inbox })
  if (sent === undefined || row?.text === '' || !admission.allowsReply(sent)) return null
  const person = numberOf(sent.conversation_name)
  const isPerson = asker.phoneNumber !== null && asker.phoneNumber === person
  const isSomebodyElse = asker.phoneNumber !== null && person !== null && !isPerson
  if (isSomebodyElse || (asker.chat !== sent.chat && !isPerson)) return null
  if (ack !== undefined) return ackContent(ack, ack.message_id === remoteId ? 'reaction' : 'removal')
  return row === undefined ? null : contentOf({ inbox, outboxStore, files: mediaFiles }, row)
}
