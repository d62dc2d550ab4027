import {
  areJidsSameUser,
  type BinaryNode,
  type Contact,
  getBinaryNodeChild,
  isLidUser,
  jidDecode,
  S_WHATSAPP_NET,
  type WASocket,
} from '@whiskeysockets/baileys'
import { answerStanza } from './answer-stanza.ts'
import type { CredentialStore } from '../signal/credential-store.ts'
import { keepSenderKeys } from '../signal/keep-sender-keys.ts'
import type { MessageJournal } from '../inbound/message-journal.ts'
import { OfflineBatches } from '../inbound/offline-batches.ts'
import type { BaileysLogger } from './socket-options.ts'

/** Baileys fetches these anew, and says so. */
const FETCHED_WHEN_DIRTY: ReadonlySet<string> = new Set(['groups', 'communities'])

export interface ServerStanzasDependencies {
  baileys: WASocket
  store: CredentialStore
  journal: MessageJournal
  logger: BaileysLogger
  isIgnored(chat: string): boolean
  /** Aborted when nothing goes out any more. */
  ended: AbortSignal
}

/** One socket's answers to what the server sends and Baileys 7.0.0-rc14 leaves unanswered, or half done. */
export class ServerStanzas {
  readonly #deps: ServerStanzasDependencies
  readonly #batches: OfflineBatches

  constructor(deps: ServerStanzasDependencies) {
    this.#deps = deps
    this.#batches = new OfflineBatches({
      request: (count) => this.#requestBatch(count),
      ended: deps.ended,
    })
  }

  listen(): void {
    const { ws } = this.#deps.baileys
    ws.on('frame', (frame: BinaryNode | Uint8Array) => {
      if (!(frame instanceof Uint8Array)) this.#received(frame)
    })
    ws.prependListener('CB:success', (stanza: BinaryNode) => keepOwnLid(stanza, this.#me))
    // Before Baileys notes that the account was dirty once.
    ws.prependListener('CB:ib,,dirty', (stanza: BinaryNode) => this.#cleanDirtyBits(stanza))
  }

  /** To be called right before Baileys handles a message. Never rejects. */
  async beforeMessage(stanza: BinaryNode): Promise<void> {
    const { baileys, logger, isIgnored } = this.#deps
    const me = this.#me
    if (me === undefined || !isIgnored(stanza.attrs.from ?? '')) return
    await keepSenderKeys(stanza, me, baileys.signalRepository, logger)
  }

  /**
   * To be called when Baileys has handled a message. What this account wrote elsewhere and this device cannot read:
   * WhatsApp wants a receipt for it, and takes no bare acknowledgement (whatsapp-rust).
   */
  afterMessage(stanza: BinaryNode): void {
    const me = this.#me
    const { id, from, recipient } = stanza.attrs
    if (me === undefined || !id || !from || !recipient || getBinaryNodeChild(stanza, 'enc') === undefined)
      return
    const isOwn = areJidsSameUser(from, me.id) || areJidsSameUser(from, me.lid)
    if (isOwn && !this.#deps.journal.wasRead(stanza, me))
      this.#send({ tag: 'receipt', attrs: { id, to: from, recipient, type: 'sender' } })
  }

  /** To be called when a message of the backlog is done with. */
  finishedOffline(): void {
    this.#batches.finished()
  }

  get #me(): Contact | undefined {
    return this.#deps.store.me
  }

  #received(stanza: BinaryNode): void {
    this.#batches.received(stanza)
    const answer = answerStanza(stanza, this.#me?.id)
    if (answer !== null) this.#send(answer)
  }

  /** Baileys leaves out those that it does not know, and the account's first one. */
  #cleanDirtyBits(stanza: BinaryNode): void {
    const { type, timestamp } = getBinaryNodeChild(stanza, 'dirty')?.attrs ?? {}
    const { lastAccountSyncTimestamp } = this.#deps.store.credentials
    if (!type || FETCHED_WHEN_DIRTY.has(type)) return
    if (type === 'account_sync' && lastAccountSyncTimestamp !== undefined) return
    const id = this.#deps.baileys.generateMessageTag()
    this.#send({
      tag: 'iq',
      attrs: { to: S_WHATSAPP_NET, type: 'set', xmlns: 'urn:xmpp:whatsapp:dirty', id },
      content: [{ tag: 'clean', attrs: { type, ...(timestamp ? { timestamp } : {}) } }],
    })
  }

  #requestBatch(count: number): void {
    const content = [{ tag: 'offline_batch', attrs: { count: String(count) } }]
    this.#send({ tag: 'ib', attrs: {}, content })
  }

  #send(stanza: BinaryNode): void {
    if (this.#deps.ended.aborted) return
    this.#deps.baileys.sendNode(stanza).catch(() => {
      // The socket is going down; its end is reported by itself.
    })
  }
}

/**
 * Puts the account's known LID into a `<success>` that names none, before Baileys sees it: Baileys 7.0.0-rc14 takes
 * what stands there for the LID, also when it is empty, and people with a LID could not be answered any more.
 */
function keepOwnLid({ attrs }: BinaryNode, me: Contact | undefined): void {
  if (isLidUser(attrs.lid) === true && jidDecode(attrs.lid)?.user) return
  if (me?.lid === undefined) delete attrs.lid
  else attrs.lid = me.lid
}
