/**
 * What the control plane needs of the daemon, as interfaces: `daemon.ts` hands in the real parts, and nothing under
 * `control/` reaches around them.
 */
import type { ListedAgent } from '../agents/agent-pool.ts'
import type { AnswerStep } from '../agents/answers/written-steps.ts'
import type { Charges } from '../conversations/usage/charge-store.ts'
import type { Usage } from '../conversations/usage/usage-store.ts'
import type { AttachedPeer } from '../agents/attachments/attached-peer.ts'
import type { WebhookReceiver } from '../messaging/webhook-receiver.ts'
import type { OfferedMedia } from '../conversations/media/media-admin.ts'
import type { Upload } from '../conversations/media/uploaded-files.ts'
import type { Requester, SendRequest } from '../conversations/sending/send-request.ts'
import type { MessageTemplate } from '../messaging/message-template.ts'
import type { OfferedFile } from '../agents/turn-files/offered-files.ts'
import type {
  AccountPasskey,
  AccountView,
  DisconnectResult,
  LinkOffer,
  LinkRequest,
} from '../protocol/account/account.ts'
import type { BusinessConnection } from '../protocol/account/business.ts'
import type { ConversationView } from '../protocol/conversations/conversation-view.ts'
import type { MessageView } from '../protocol/conversations/message-view.ts'
import type { MethodResult, ParsedParams } from '../protocol/methods.ts'
import type { PasskeyAnswer } from '../protocol/account/passkey.ts'
import type { OutboxEntry, OutboxList, OutboxQuery } from '../protocol/outbox-entry.ts'

export interface AccountsPort {
  /** With everything; `passkey` is for scope `link` only. */
  list(): AccountView[]
  /** Signs of life, with the answers since `since`. Throws `DaemonError` where the account's files are closed. */
  activity(account: string, since: Date): MethodResult<'accounts.activity'>
  /** Starts linking, or answers with the live offer of an attempt under way. Throws `DaemonError`. */
  link(account: string, request: LinkRequest): Promise<LinkOffer>
  cancelLink(account: string): Promise<AccountView>
  /** Connects now; in `unlinked` and `logged_out` it starts linking by QR. */
  reconnect(account: string): Promise<AccountView>
  /** Keeps the credentials of a Business account, and begins to bring its number up. Throws `DaemonError`. */
  connectBusiness(account: string, connection: BusinessConnection): Promise<AccountView>
  /** Leaves `conflict`; the other one that uses the link loses it. Throws `DaemonError` (`not_connected`) without a link. */
  takeOver(account: string): Promise<AccountView>
  /** Takes over the link of another program in the account's directory. Throws `DaemonError` (`import_refused`, `already_linked`). */
  importLink(account: string): Promise<AccountView>
  /** An account that has just joined the config, once a former one of the same id has closed. */
  joined(account: string): Promise<AccountView>
  /**
   * Closes an account that is not linked, runs `leave`, which takes it out of the config, and erases its directory. Throws
   * `DaemonError`: `still_linked`; `confirmation_required` where its files cannot be read and a link may be in them, without `mayLoseLink`.
   */
  remove<Result>(account: string, leave: () => Promise<Result>, mayLoseLink: boolean): Promise<Result>
  /** Unlinks on WhatsApp's side when it can, erases the credentials, keeps the history. */
  disconnect(account: string): Promise<DisconnectResult>
  /** Everything that results and events have reported is on disk when this returns. Called before a result leaves. Throws `DaemonError`. */
  commit(): void
  /**
   * Whether somebody may write to the account directly, also from another form of an allowed number than the config has. `false` while
   * its directory is closed.
   */
  allows?(account: string, phoneNumber: string): boolean
  /** Whoever has this number, E.164, and may not write is not reported until then, or until they may. Throws `DaemonError`. */
  ignoreSender(account: string, phoneNumber: string): MethodResult<'accounts.ignoreSender'>
  /** `false` while the account's directory is closed. */
  isIgnored?(account: string, phoneNumber: string): boolean
  /** Whether the number, E.164, belongs to another WhatsApp account than the one that it was allowed for. `false` while its directory is closed. */
  isAnotherPerson?(account: string, phoneNumber: string): boolean
  /** A person adds these numbers, E.164, to the list: those who have them now are allowed, though they were others before. */
  allowAgain?(account: string, phoneNumbers: readonly string[]): void
  /**
   * Where the messenger's server posts to; `null` for an account that is not there, and for one to which nobody posts. One whose directory
   * is closed for now has a receiver that answers so.
   */
  businessWebhook(account: string): WebhookReceiver | null
  /** The account's messages that are not out. Throws `DaemonError`. */
  outbox(account: string): OutboxPort
  /** People who ask for access. Throws `DaemonError`. */
  pairing(account: string): PairingPort
  /** What the account did, by month. Throws `DaemonError` where its files are closed. */
  usage(account: string): UsagePort
  /** What is known of people, and its end. Throws `DaemonError`. */
  people(account: string): PeoplePort
  /** Throws `DaemonError`. */
  messages(account: string): MessagesPort
  /** Throws `DaemonError`. */
  messageChanges(account: string): MessageChangesPort
  /** The files of the account's messages. Throws `DaemonError`. */
  media(account: string): MediaPort
  /** Throws `DaemonError`. */
  conversations(account: string): ConversationsPort
  /** Throws `DaemonError`. */
  takeover(account: string): TakeoverPort
  /** The live QR or code of every account that is being linked. Secret: scope `link` only. */
  offers(): LinkOffer[]
  /** The live passkey ceremony of every account. Secret: scope `link` only. */
  passkeys(): AccountPasskey[]
  /** Throws `DaemonError` (`passkey_not_expected`, `passkey_answer_invalid`). */
  answerPasskey(account: string, answer: PasskeyAnswer): Promise<AccountView>
  /** A person compared the codes. Throws `DaemonError` (`passkey_not_expected`). */
  confirmPasskey(account: string, ceremonyId: string, matches: boolean): Promise<AccountView>
}

/** Answers to turns that come from outside. Every method throws `DaemonError`. */
export interface AgentsPort {
  /** From now on `peer` answers for the agent. */
  attach(peer: AttachedPeer, request: { agent: string; account?: string }): MethodResult<'agent.attach'>
  /** One step of an answer of an attached program. Answers why it cannot be used, as a sentence; the answer goes on without it. */
  take(peer: AttachedPeer, turn: string, answer: AnswerStep): string | null
  /** One step of an answer to a turn that was posted to a URL, once there is room for it. */
  takePosted(turn: string, answer: AnswerStep): Promise<void>
  /** A file of a turn that is with a program or a URL; `null` where no open turn has it. */
  offeredFile(id: string): OfferedFile | null
  /** How every agent of every account is, from what is known already. */
  list(): ListedAgent[]
}

export interface MetricsPort {
  /** Every metric, in Prometheus' text format. */
  read(): Promise<string>
}

/** Methods throw what the disk says. */
export interface UsagePort {
  /** `month`: in UTC, as `2026-01`. */
  of(month: string): Usage
  /** What was said of the price of messages in that month; `null` where messages cost nothing. */
  charges(month: string): Charges | null
  /** Those of which something is known, newest first. */
  months(): string[]
}

/** Receivers of events. Throws `DaemonError` (`webhook_not_found`), and what the disk says. */
export interface WebhooksPort {
  list(): MethodResult<'webhooks.list'>
  /** Posts at once what waits, and dead letters, all or this one. */
  retry(webhook: string, deadLetter: number | null): MethodResult<'webhooks.retry'>
  test(webhook: string): Promise<MethodResult<'webhooks.test'>>
}

/** Every method throws `DaemonError`. */
export interface PairingPort {
  list(): MethodResult<'pairing.list'>['requests']
  request(request: Omit<ParsedParams<'pairing.request'>, 'account'>): MethodResult<'pairing.request'>
  /** The person is in the account's `allowFrom`, in the file and in force, when it resolves. */
  approve(code: string): Promise<MethodResult<'pairing.approve'>>
  reject(code: string): MethodResult<'pairing.reject'>
}

type ListQuery = Omit<ParsedParams<'conversations.list'>, 'account' | 'text'>

/** Every method throws `DaemonError`. `named`: an id of a conversation, or what events call it. */
export interface ConversationsPort {
  list(query: ListQuery): MethodResult<'conversations.list'>
  /** As `list`, of those whose name, number or contact fields have these words. */
  listNamed(query: ListQuery, text: string): Promise<MethodResult<'conversations.list'>>
  get(named: string): ConversationView
  messages(
    named: string,
    query: Omit<ParsedParams<'conversations.messages'>, 'account' | 'conversation'>,
  ): MethodResult<'conversations.messages'>
  search(
    query: Omit<ParsedParams<'conversations.search'>, 'account'>,
  ): Promise<MethodResult<'conversations.search'>>
  markRead(named: string, until: string | undefined): MethodResult<'conversations.markRead'>
  /** `null` where there is no such message. */
  message(named: string, messageId: string): MessageView | null
  text(named: string, messageId: string, offset: number): MethodResult<'conversations.text'>
}

/** Every method throws `DaemonError`. */
export interface PeoplePort {
  readonly contactFields: MethodResult<'conversations.contactFields'>['fields']
  setContact(
    conversation: string,
    fields: ParsedParams<'conversations.setContact'>['fields'],
    by: 'agent' | 'owner' | 'api',
  ): Omit<MethodResult<'conversations.setContact'>, 'account'>
  /** What would be erased; with `isConfirmed` it is, when this resolves. */
  forget(
    named: string,
    isConfirmed: boolean,
  ): Promise<Omit<MethodResult<'conversations.forget'>, 'account' | 'isForgotten'>>
}

/** Every method throws `DaemonError`. `named`: as in `ConversationsPort`. */
export interface TakeoverPort {
  takeOver(
    named: string,
    by: 'dashboard' | 'api' | 'agent',
    minutes: number | null | undefined,
  ): MethodResult<'conversations.takeOver'>
  /** By an assistant: `forbidden` where a person decided who answers. */
  resume(named: string, author: Requester['author']): MethodResult<'conversations.resume'>
  /** As `resume`, where it is switched on. */
  setAssistant(
    named: string,
    isOn: boolean,
    author: Requester['author'],
  ): MethodResult<'conversations.setAssistant'>
}

/** Every method throws `DaemonError`. */
export interface MessagesPort {
  /** It is in the outbox when this resolves. */
  send(request: SendRequest, requester: Requester): Promise<MethodResult<'messages.send'>>
  get(messageId: string): MethodResult<'messages.get'>
  /** Approved ones, by name. */
  templates(options: { refresh?: boolean | undefined }): Promise<readonly MessageTemplate[]>
}

/** Every method throws `DaemonError`, and answers how the change itself is. */
export interface MessageChangesPort {
  react(
    request: Omit<ParsedParams<'messages.react'>, 'account' | 'as'>,
    requester: Requester,
  ): MethodResult<'messages.react'>
  edit(
    request: Omit<ParsedParams<'messages.edit'>, 'account'>,
    requester: Requester,
  ): MethodResult<'messages.edit'>
  revoke(
    request: Omit<ParsedParams<'messages.revoke'>, 'account'>,
    requester: Requester,
  ): MethodResult<'messages.revoke'>
}

export interface MediaPort {
  /** Keeps what comes over a connection, to be sent. Rejects with `DaemonError` (`media_refused`). */
  receive(
    upload: Upload,
  ): Promise<{ mediaId: string; expiresAt: Date; size: number; mimeType: string | null }>
  /** A file that is kept; `null` where there is none of this id. */
  find(mediaId: string): OfferedMedia | null
}

/** Every method throws `DaemonError`. */
export interface OutboxPort {
  list(query: OutboxQuery): OutboxList
  /** Queues a failed message again, under its id. */
  retry(messageId: string): OutboxEntry
  /** Erases a message that is not out. */
  discard(messageId: string): void
}
