import type { MessageAuthor } from '../../access/may-send.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { Transport } from '../../messaging/transport.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { SentMessage } from '../../protocol/sent-message.ts'
import { TEXT_LIMITS } from '../../protocol/text/text-limits.ts'
import { storedTime } from '../../storage/database/stored-time.ts'
import { cleanLine } from '../../text/bounded-text.ts'
import type { Admission } from '../intake/admission.ts'
import type { ChatWindows } from '../window/chat-windows.ts'
import type { StoredContent } from '../outbox/stored-content.ts'
import type { OutboxRow, OutboxState, OutboxStore } from '../outbox/outbox-store.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { refuseSilent } from '../takeover/refuse-silent.ts'
import type { HoldSkip } from '../takeover/takeover.ts'
import type { Recipient } from './recipients.ts'
import { isSameRequest, type Requester } from './send-request.ts'
import type { SentRequest, SentRequests } from './sent-requests.ts'

const STATES: Readonly<Record<OutboxState, SentMessage['state']>> = {
  queued: 'queued',
  acknowledged: 'sent',
  delivered: 'delivered',
  read: 'read',
  failed: 'failed',
  discarded: 'discarded',
}

/** Messages that wait to be sent, of all programs and dashboards. */
const MAX_QUEUED = 500

/** What is to be sent: the type of a stored message; `text` for words alone. */
export type SendableKind = StoredContent['type'] | 'text'

type Needed = 'templates' | 'choices' | 'asksForNumber'

/** What a transport must be able to do for it. */
const CAPABILITY_OF: Partial<Record<SendableKind, Needed>> = {
  template: 'templates',
  choices: 'choices',
  'number-request': 'asksForNumber',
}
const NOT_SUPPORTED: Readonly<Record<Needed, string>> = {
  templates: 'This number sends no templates: they are for WhatsApp Business numbers.',
  choices: 'This number sends no buttons and lists: they are for WhatsApp Business numbers.',
  asksForNumber:
    'This number cannot ask for a phone number with a button: that is for WhatsApp Business numbers.',
}

export interface SendGateDependencies {
  admission: Pick<Admission, 'maySend'>
  outboxStore: Pick<OutboxStore, 'ofClient' | 'failureOf' | 'countQueuedOfClients'>
  sentRequests: Pick<SentRequests, 'find'>
  outbox: Pick<Outbox, 'holdUp'>
  transport: Pick<Transport, 'ready' | 'capabilities'>
  windows: Pick<ChatWindows, 'require'>
  /** Why the assistant says nothing in a conversation now; `null` where it may. */
  whySilent: (conversation: number) => HoldSkip | null
  config: () => Pick<AccountConfig, 'enabled' | 'sendToAnyone' | 'section'>
}

/** What every request to send must pass, and how a message is shown to who asked. Every method that refuses throws `DaemonError`. */
export class SendGate {
  readonly #deps: SendGateDependencies

  constructor(deps: SendGateDependencies) {
    this.#deps = deps
  }

  /** How the message of the same request is; `null` where it is a new one. */
  repeated(clientMessageId: string, digest: string): SentMessage | null {
    const found = this.#deps.outboxStore.ofClient(clientMessageId)
    const known = found === undefined ? this.#deps.sentRequests.find(clientMessageId) : found
    if (known === undefined) return null
    const messageId = 'row' in known ? known.row.message_id : known.message_id
    if (!isSameRequest(known.digest, digest))
      throw new DaemonError('client_message_id_reused', { details: { messageId } })
    return 'row' in known ? this.view(known.row) : viewOfDeleted(known, clientMessageId)
  }

  /** WhatsApp can be reached, or the request may wait for that. */
  requireReady({ queue = false }: { queue?: boolean | undefined }): void {
    const { transport, config } = this.#deps
    if (!config().enabled) throw new DaemonError('account_disabled')
    if (!transport.ready && !queue) throw new DaemonError('not_connected')
  }

  /** Inside of the transaction that stores one more. */
  requireRoom(): void {
    if (this.#deps.outboxStore.countQueuedOfClients() >= MAX_QUEUED)
      throw new DaemonError('rate_limited', {
        message: `${MAX_QUEUED} messages wait to be sent already.`,
        action: 'Wait until some of them are sent, or discard them (whatsappd outbox).',
      })
  }

  /** Whether the config need not allow the recipient. */
  isForced({ force = false }: { force?: boolean | undefined }, { mayForce }: Requester): boolean {
    if (!force) return false
    const { sendToAnyone, section } = this.#deps.config()
    if (!mayForce)
      throw new DaemonError('forbidden', {
        message: 'The token does not carry the scope send:any.',
        action: 'Make one: whatsappd token --scope send,send:any. Dashboards and assistants cannot have it.',
        details: { scope: 'send:any' },
      })
    if (sendToAnyone) return true
    throw new DaemonError('recipient_not_allowed', {
      message: 'The config file does not let programs send to people who are not allowed.',
      action: `Allow the recipient, or set ${section}.sendToAnyone to true in the config file.`,
    })
  }

  requireAllowed(
    { chat, name, conversation }: Recipient,
    { author }: Pick<Requester, 'author'>,
    isForced: boolean,
  ): void {
    this.requireNotSilent(conversation?.id, author)
    if (isForced && chat.kind === 'direct') return
    if (!this.#deps.admission.maySend({ kind: chat.kind, name }, author))
      throw new DaemonError('recipient_not_allowed')
  }

  /** Throws `not_supported` where the transport cannot send that, and `window_closed` where the person has not written lately. */
  requireSendable({ chat }: Pick<Recipient, 'chat'>, kind: SendableKind): void {
    const { transport, windows } = this.#deps
    const capability = CAPABILITY_OF[kind]
    if (capability !== undefined) {
      const has = transport.capabilities[capability]
      if (has === false || has === null)
        throw new DaemonError('not_supported', {
          message: NOT_SUPPORTED[capability],
          details: { capability },
        })
    }
    windows.require(chat, kind)
  }

  /** An assistant says nothing in a chat that a person has taken over, or where it is switched off. */
  requireNotSilent(conversation: number | undefined, author: MessageAuthor): void {
    if (author !== 'assistant' || conversation === undefined) return
    const reason = this.#deps.whySilent(conversation)
    if (reason !== null) throw refuseSilent(reason)
  }

  view(row: OutboxRow): SentMessage {
    const { outbox, outboxStore } = this.#deps
    const failure = row.state === 'failed' ? outboxStore.failureOf(row.sequence) : null
    return {
      messageId: cleanLine(row.message_id, TEXT_LIMITS.identifier),
      clientMessageId: row.client_message_id,
      conversationId: String(row.conversation),
      conversation: cleanLine(row.conversation_name, TEXT_LIMITS.identifier),
      state: STATES[row.state],
      waitsFor: row.state === 'queued' ? (outbox.holdUp(row.conversation) ?? 'turn') : null,
      queuedAt: storedTime(row.queued_at).toISOString(),
      failure: failure && {
        code: cleanLine(failure.code, TEXT_LIMITS.name),
        message: cleanLine(failure.message, TEXT_LIMITS.sentence),
      },
    }
  }
}

/** Of a message that is not kept any more. */
function viewOfDeleted(request: SentRequest, clientMessageId: string): SentMessage {
  const conversationId = String(request.conversation)
  return {
    messageId: cleanLine(request.message_id, TEXT_LIMITS.identifier),
    clientMessageId,
    conversationId,
    conversation: cleanLine(request.name, TEXT_LIMITS.identifier) || conversationId,
    state: STATES[request.state],
    waitsFor: null,
    queuedAt: storedTime(request.queued_at).toISOString(),
    failure: null,
  }
}
