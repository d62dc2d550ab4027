import type { ConversationsDependencies } from '../conversations-dependencies.ts'
import type { Admission } from '../intake/admission.ts'
import type { MediaFiles } from '../media/media-files.ts'
import type { MediaStore } from '../media/media-store.ts'
import { UploadedFiles } from '../media/uploaded-files.ts'
import type { OutboxStore } from '../outbox/outbox-store.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { MessageNews } from '../history/message-news.ts'
import type { AckStore } from '../reactions/ack-store.ts'
import type { ItemPreparation } from '../replies/items/item-preparation.ts'
import type { OutgoingRedaction } from '../replies/outgoing-redaction.ts'
import type { CommitGroup } from '../store/commit-group.ts'
import type { ConversationStore } from '../store/conversation-store.ts'
import type { InboxStore } from '../store/inbox-store.ts'
import type { ChatWindows } from '../window/chat-windows.ts'
import type { ContactHistory } from './contact-history.ts'
import { FirstContacts } from './first-contacts.ts'
import { MessageChanges } from './message-changes.ts'
import { NumberRequests } from './number-requests.ts'
import { Recipients } from './recipients.ts'
import { SaidMessages } from './said-messages.ts'
import { SendGate, type SendGateDependencies } from './send-gate.ts'
import { Sending, type SendingDependencies } from './sending.ts'
import { SentFiles } from './sent-files.ts'
import { SentRequests } from './sent-requests.ts'

interface BuildSendingInput
  extends
    Pick<ConversationsDependencies, 'account' | 'database' | 'transport' | 'config' | 'publish' | 'now'>,
    Pick<SendingDependencies, 'ownerSpoke'>,
    Pick<SendGateDependencies, 'whySilent'> {
  outbox: Outbox
  outboxStore: OutboxStore
  conversations: ConversationStore
  inbox: InboxStore
  ackStore: AckStore
  contactHistory: ContactHistory
  windows: ChatWindows
  admission: Admission
  media: MediaStore
  mediaFiles: MediaFiles
  items: ItemPreparation
  redaction: OutgoingRedaction
  messageNews: MessageNews
  commits: CommitGroup
}

/** Makes the parts that send what programs and dashboards ask for, and connects them. */
export function buildSending(input: BuildSendingInput) {
  const { database, config, media: store, mediaFiles: files, contactHistory: contacts } = input
  const sentFiles = new SentFiles({ ...input, store, files })
  const parts = {
    ...input,
    contacts,
    gate: new SendGate({ ...input, sentRequests: new SentRequests(database) }),
    recipients: new Recipients({ ...input, contacts }),
    firstContacts: new FirstContacts(database, () => config().pace.firstContactsPerDay),
    saidMessages: new SaidMessages({ ...input, sentFiles }),
    numberRequests: new NumberRequests(database),
    sentFiles,
  }
  return {
    sending: new Sending(parts),
    changes: new MessageChanges(parts),
    uploads: new UploadedFiles({ ...input, store, files }),
  }
}
