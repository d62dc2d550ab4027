import type { EventMeta } from '../../../client/client-events.ts'
import type { WhatsappdClient } from '../../../client/client.ts'
import type { ConversationView } from '../../../protocol/conversations/conversation-view.ts'
import type { MessageView } from '../../../protocol/conversations/message-view.ts'
import type { CardToken } from '../../card/whatsapp-card.ts'
import { ContactFields } from './contact-fields.ts'
import { ConversationList } from './conversation-list.ts'
import { MediaFiles } from './media-files.ts'
import { MessageSearch } from './message-search.ts'
import { OpenThread } from './open-thread.ts'
import { OutgoingMessages } from './outgoing-messages.ts'

/** Each tells of one message as it is now. */
const MESSAGE_EVENTS = [
  'message.received',
  'message.written',
  'message.edited',
  'message.revoked',
  'message.updated',
  'message.skipped',
  'message.queued',
  'message.sent',
  'message.delivered',
  'message.read',
  'message.failed',
  'message.discarded',
] as const

/** What all of them have. `message` of one that failed is the reason, in words: `view` is the message. */
interface MessageEvent {
  account: string
  conversationId?: string | undefined
  message?: MessageView | string | undefined
  view?: MessageView | undefined
}

/** What it needs of the connection. */
export type ConversationsClient = Pick<WhatsappdClient, 'on' | 'can' | 'request'>

/** What the view does beside drawing anew. */
export interface ConversationListeners {
  redraw: () => void
  /** A person has written in the open conversation. */
  received: (message: MessageView) => void
  /** The first conversation has turned out to be the second one, which is opened afterwards where the first one is open. */
  merged: (formerId: string, conversationId: string) => void
  /** A conversation was erased, and is closed afterwards where it is open. */
  gone: (conversationId: string) => void
}

/** How the daemon is reached: what the connection was opened with. */
export interface Access {
  url: string
  token: CardToken
}

/** Everything that is shown of one account. */
export interface AccountConversations {
  account: string
  list: ConversationList
  search: MessageSearch
  outgoing: OutgoingMessages
  media: MediaFiles
  contactFields: ContactFields
}

/** The conversations of the account that is shown, and the one that is open, kept in step with the daemon over one connection. */
export class LiveConversations {
  readonly #listeners: ConversationListeners
  #client: ConversationsClient | null = null
  #access: Access | null = null
  #shown: AccountConversations | null = null
  #thread: OpenThread | null = null
  #readUntil: string | null = null

  constructor(listeners: ConversationListeners) {
    this.#listeners = listeners
  }

  get shown(): AccountConversations | null {
    return this.#shown
  }

  get thread(): OpenThread | null {
    return this.#thread
  }

  /** The open conversation, once it is known. */
  get opened(): ConversationView | null {
    return (this.#thread && this.#shown?.list.get(this.#thread.conversation)) ?? null
  }

  /** Follows a connection that is about to be opened; `null` when it is closed. */
  attach(client: ConversationsClient | null, access: Access | null): void {
    this.show(null)
    this.#client = client
    this.#access = access
    if (client === null) return
    client.on('snapshot', ({ gap }) => this.#connected(gap))
    // Those that are sent again tell of what happened while there was no connection.
    client.on('conversation.updated', ({ account, conversationId, formerId, view }) => {
      if (account !== this.#shown?.account) return
      const { list } = this.#shown
      if (view === undefined) void list.refresh(conversationId)
      else list.put(view)
      if (formerId === undefined) return
      list.remove(formerId)
      this.#merged(formerId, conversationId)
    })
    client.on('conversation.forgotten', ({ account, conversationId }) => {
      if (account === this.#shown?.account) this.forgotten(conversationId)
    })
    client.on('config.applied', (_applied, { replayed }) => {
      if (replayed) this.#loadFields()
      else this.#load()
    })
    for (const name of MESSAGE_EVENTS)
      client.on(name, ({ account, conversationId, message, view }: MessageEvent, _meta: EventMeta) => {
        if (account !== this.#shown?.account) return
        const told = typeof message === 'object' ? message : view
        if (told !== undefined) this.#told(told, name === 'message.received')
        else if (conversationId === this.#thread?.conversation) void this.#thread?.refresh()
      })
  }

  /** The account whose conversations are shown; `null` for none. Harmless when it is shown already. */
  show(account: string | null): void {
    if (account === (this.#shown?.account ?? null)) return
    this.#shown?.search.stop()
    this.#shown?.media.close()
    this.#shown = null
    this.#thread = null
    const [client, access] = [this.#client, this.#access]
    if (account === null || client === null || access === null) return
    const changed = this.#listeners.redraw
    const list = new ConversationList({
      client,
      account,
      changed,
      shown: () => this.#besideList(),
      merged: (formerId, conversationId) => this.#merged(formerId, conversationId),
    })
    const media = new MediaFiles({ ...access, account, changed })
    const wants = (conversationId: string): void => {
      if (list.get(conversationId) === undefined) void list.refresh(conversationId)
    }
    const wantsNumber = (phoneNumber: string): void => void list.find(phoneNumber)
    const wantsNamed = (text: string): void => void list.findNamed(text)
    const search = new MessageSearch({ client, account, changed, wants, wantsNamed, wantsNumber })
    const outgoing = new OutgoingMessages({ client, account, media, changed })
    const contactFields = new ContactFields({ client, account, changed })
    this.#shown = { account, list, search, outgoing, media, contactFields }
    this.#load()
  }

  /** Opens a conversation at its end, or around one of its messages; `null` closes. */
  open(conversationId: string | null, around?: string): void {
    const shown = this.#shown
    this.#readUntil = null
    shown?.media.forgetPressed()
    if (conversationId === null || shown === null || this.#client === null) this.#thread = null
    else {
      const { account, list } = shown
      const changed = this.#listeners.redraw
      const deps = { client: this.#client, account, conversation: conversationId, changed }
      this.#thread = new OpenThread(deps)
      void this.#thread.load(around)
      // Whether the person is allowed may have changed with the config, of which no conversation tells.
      void list.refresh(conversationId)
    }
    this.#listeners.redraw()
  }

  /** What was said there is erased; `null`: in groups alone, where the person had no conversation of their own. */
  forgotten(conversationId: string | null): void {
    const shown = this.#shown
    if (shown === null) return
    shown.search.again()
    shown.media.dropAll()
    if (conversationId !== null) {
      shown.list.remove(conversationId)
      shown.outgoing.forget(conversationId)
      this.#listeners.gone(conversationId)
      if (this.#thread?.conversation === conversationId) this.open(null)
    }
    // Their messages in groups are gone, too.
    if (this.opened?.kind === 'group') void this.#thread?.load()
    this.#load()
  }

  /** The person has seen the open conversation to its end. Asks the daemon once for each last message. */
  seen(): void {
    const [client, thread, opened] = [this.#client, this.#thread, this.opened]
    const last = thread?.messages.findLast(({ from }) => from === 'person')
    if (client === null || thread === null || !opened?.unread || last === undefined || !thread.isLive) return
    if (this.#readUntil === last.messageId || !client.can('conversations.markRead')) return
    this.#readUntil = last.messageId
    const { account, conversationId: conversation } = opened
    client.request('conversations.markRead', { account, conversation, until: last.messageId }).catch(() => {
      // The next message asks again.
    })
  }

  /** `hasGap`: more has happened meanwhile than the daemon tells of afterwards. */
  #connected(hasGap: boolean): void {
    if (hasGap || this.#shown?.list.isLoaded !== true) this.#load()
    this.#shown?.outgoing.resume()
    void this.#thread?.refresh()
  }

  #load(): void {
    if (this.#client?.can('conversations.list') === true) void this.#shown?.list.reload()
    this.#loadFields()
  }

  #loadFields(): void {
    if (this.#client?.can('conversations.contactFields') === true) void this.#shown?.contactFields.load()
  }

  /** Those of the open conversation and of what was found. */
  #besideList(): Set<string> {
    const found = this.#shown?.search.hits.map(({ conversationId }) => conversationId) ?? []
    return new Set(this.#thread === null ? found : [this.#thread.conversation, ...found])
  }

  #merged(formerId: string, conversationId: string): void {
    this.#shown?.outgoing.move(formerId, conversationId)
    this.#shown?.search.move(formerId, conversationId)
    this.#listeners.merged(formerId, conversationId)
    if (this.#thread?.conversation === formerId) this.open(conversationId)
  }

  #told(message: MessageView, isNew: boolean): void {
    this.#shown?.outgoing.settle(message)
    if (message.conversationId !== this.#thread?.conversation) return
    this.#thread.put(message)
    if (isNew) this.#listeners.received(message)
  }
}
