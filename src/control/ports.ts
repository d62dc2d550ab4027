/**
 * What the control plane needs of the daemon, as interfaces: `daemon.ts` hands in the real parts, and nothing under
 * `control/` reaches around them.
 */
import type { AttachedPeer } from '../agents/attachments/attached-peer.ts'
import type { AnswerJson } from '../protocol/agent/answer-json.ts'
import type {
  AccountPasskey,
  AccountView,
  DisconnectResult,
  LinkOffer,
  LinkRequest,
} from '../protocol/account/account.ts'
import type { MethodResult } from '../protocol/methods.ts'
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
  /** The account's messages that are not out. Throws `DaemonError`. */
  outbox(account: string): OutboxPort
  /** People who ask for access. Throws `DaemonError`. */
  pairing(account: string): PairingPort
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
  /** One step of an answer of an attached program. */
  take(peer: AttachedPeer, turn: string, answer: AnswerJson): void
  /** One step of an answer to a turn that was posted to a URL. */
  takePosted(turn: string, answer: AnswerJson): void
}

/** Every method throws `DaemonError`. */
export interface PairingPort {
  list(): MethodResult<'pairing.list'>['requests']
  /** The person is in the account's `allowFrom`, in the file and in force, when it resolves. */
  approve(code: string): Promise<MethodResult<'pairing.approve'>>
  reject(code: string): MethodResult<'pairing.reject'>
}

/** Every method throws `DaemonError`. */
export interface OutboxPort {
  list(query: OutboxQuery): OutboxList
  /** Queues a failed message again, under its id. */
  retry(messageId: string): OutboxEntry
  /** Erases a message that is not out. */
  discard(messageId: string): void
}
