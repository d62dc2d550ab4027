import type { Logger } from 'pino'
import type { RegisteredForms } from '../access/numbers/with-registered-numbers.ts'
import type { AccountTraces } from '../observability/traces/account-traces.ts'
import type { Sink } from '../messaging/sink.ts'
import type { Transport } from '../messaging/transport.ts'
import type { WebhookReceiver } from '../messaging/webhook-receiver.ts'
import type { ServerAnswer } from '../network/ask-server.ts'
import type { TransportOffer } from '../protocol/account/account.ts'
import type { BusinessConnection, BusinessView } from '../protocol/account/business.ts'
import type { PasskeyAnswer, PasskeyCeremony, PasskeyStep } from '../protocol/account/passkey.ts'
import type { ReasonCode } from '../protocol/reasons.ts'
import type { Database } from '../storage/database/database.ts'

export interface LinkRequest {
  method: 'qr' | 'code'
  /** E.164, for `code`. */
  phoneNumber: string | null
}

type LinkPhase =
  /** No connection is wanted. */
  | 'idle'
  /** A new link is being made; `offered` once a QR or a code is out. */
  | 'linking'
  /** The person accepted; WhatsApp confirms. */
  | 'confirming'
  /** A login is under way. */
  | 'connecting'
  | 'open'
  /** Until `attemptAt`. */
  | 'waiting'
  /** A person must act; `attemptAt` is a quiet recheck, if any. */
  | 'ended'

/** What the status of an account is derived from. Times in milliseconds since the epoch. */
export interface LinkFacts {
  phase: LinkPhase
  /** Credentials of a completed link exist. */
  linked: boolean
  reason: ReasonCode | null
  /** What the reason is about, such as the name of a setting: for the end of its sentence. Never a secret. */
  detail?: string | undefined
  /** Set while a link is wanted. */
  request: LinkRequest | null
  offered: boolean
  /** While linking: what a passkey ceremony waits for; `null` without one. */
  passkey: PasskeyStep | null
  /** Whether this link was open before: tells `reconnecting` from `connecting`. */
  wasOpen: boolean
  /** Consecutive failures. */
  failures: number
  /** This may be a copy of a link that another process uses. */
  cautious: boolean
  attemptAt: number | null
  /** When a restriction ends, where WhatsApp says so. */
  until: number | null
}

/** The facts of a link that is not there. */
export const NO_LINK: LinkFacts = {
  phase: 'idle',
  linked: false,
  reason: null,
  request: null,
  offered: false,
  passkey: null,
  wasOpen: false,
  failures: 0,
  cautious: false,
  attemptAt: null,
  until: null,
}

/** Times in milliseconds since the epoch. */
export interface LinkHealth {
  lastFrameAt: number | null
  lastProbeAt: number | null
  decryptFailures: number
  /** Whether WhatsApp answered the latest message, with a yes or a no; true on a new connection. */
  canSend: boolean
}

/** What was remembered of a link over a restart. */
export interface RememberedLink {
  failures: number
  reason: ReasonCode | null
  /** Another instance owned this link and may still use it. */
  isCopy: boolean
}

/** Every call is synchronous and must not throw. */
export interface LinkEvents {
  /** Facts, offer or health changed; everything is read from the link. */
  changed(): void
  /** A QR or code is on offer now. */
  offered(offer: TransportOffer): void
  /** A passkey ceremony began, or came a step further. */
  passkeyMoved(): void
  storageFailed(error: unknown): void
}

/** What a link is opened with. */
export interface LinkDependencies {
  /** Id of the account. */
  account: string
  /** The account's, open and locked; for files of the transport besides the database. */
  directory: string
  /** The account's, with the tables of this transport. */
  database: Database
  sink: Sink
  events: LinkEvents
  /** Asked before anything leaves; throws when another process may own this link by now. */
  fence: (() => void) | undefined
  /** Copies of this sandbox know that they are copies, and yield by themselves. */
  copiesYield: boolean
  /** The numbers that may talk, E.164, as the config has them now. They may be thousands, to be gone through over several turns. */
  allowedNumbers(): Iterable<string>
  /** All numbers that the config names, E.164, also while its policies let nobody write. */
  listedNumbers(): Iterable<string>
  /** Whether anything of this group is read; by the address of its chat. */
  readsGroup(group: string): boolean
  /** Absent where there are no traces. */
  traces?: Pick<AccountTraces, 'arrived' | 'decrypting'> | undefined
  logger: Logger
  now: () => number
  random: () => number
}

/** The life of one account's link, over whatever transport. Accounts know nothing else of a transport. */
export interface Link {
  /** What conversations send over. */
  readonly transport: Transport
  readonly facts: LinkFacts
  /** The live offer, while there is one. Secret. */
  readonly offer: TransportOffer | null
  /** The live passkey ceremony, while there is one. Secret. */
  readonly passkey: PasskeyCeremony | null
  readonly displayName: string | null
  readonly health: LinkHealth
  /** Set while WhatsApp forbids writing to new people. `until`: milliseconds since the epoch; `null` where it names no end. */
  readonly reachoutLock: { until: number | null } | null
  /** Allowed numbers, E.164, that belong to another account than when they were allowed; they are denied. */
  readonly changedNumbers: readonly string[]
  /** WhatsApp wants the owner of the account to prove who they are. */
  readonly identityAsked: boolean
  /** Since when the phone behind the link has shown no sign of life; `null` while nothing speaks for its being away. */
  readonly phoneAwaySince: number | null
  /** In which form WhatsApp knows the numbers of the config. */
  readonly registered: RegisteredForms
  /** Takes in what WhatsApp posts to this machine; `null` where it posts nothing. */
  readonly webhook: WebhookReceiver | null
  /** The number of a Business account; `null` on a transport that has none. */
  readonly business: BusinessLink | null
  /** Brings the link up when there is one. May be called again after `stop`. */
  start(remembered: RememberedLink): void
  /** Makes a new link; nothing where there is one. */
  link(request: LinkRequest): void
  cancelLink(): void
  /** Hands over what a browser signed. Throws `DaemonError` (`passkey_not_expected`, `passkey_answer_invalid`), with nothing changed. */
  answerPasskey(answer: PasskeyAnswer): void
  /** A person compared the code with the one on the phone. Throws `DaemonError` (`passkey_not_expected`). */
  confirmPasskey(ceremonyId: string, matches: boolean): void
  reconnect(): void
  /**
   * Ends the link on WhatsApp's side when it can be reached, then erases every credential. False when WhatsApp
   * still lists the link, because it could not be reached.
   */
  disconnect(): Promise<boolean>
  /** The allowlist changed. */
  allowedChanged(): void
  /** Somebody allows these numbers, E.164, whoever has them now. Throws `StorageError`. */
  allowAgain(phoneNumbers: readonly string[]): void
  /** Replaces a connection that may be broken: a failure was caught that belongs to no caller. */
  replaceConnection(): void
  /** No connection and no timer afterwards; the link is kept. Idempotent. */
  stop(): Promise<void>
}

/** What a Business account has besides. */
export interface BusinessLink {
  readonly view: BusinessView
  /** What a person should know though the account works; the most pressing. */
  readonly caution: { code: ReasonCode; detail?: string | undefined } | null
  /** Keys of the config and variables that hold its credentials, as people find them. */
  readonly references: readonly string[]
  /** What it was connected with, so that nothing of it leaves the sandbox. Secret. */
  readonly secrets: readonly string[]
  /**
   * Keeps what is given, durably, and begins to bring the number up; what is left out stays as it was. Throws `DaemonError` with nothing
   * changed, and `StorageError`.
   */
  connect(connection: BusinessConnection): void
  /** The config is another one. */
  configChanged(): void
}

/** Opens an account's link; nothing connects before `start`. Throws `StorageError`. */
export type OpenLink = (deps: LinkDependencies) => Link

/** A link that another program left in a directory, read and checked. */
export interface ImportableLink {
  /** Of the phone that it is linked to, E.164. */
  phoneNumber: string
  /** When the newest of its files was changed; milliseconds since the epoch. */
  changedAt: number
  /** With how many devices it has keys in common. */
  sessions: number
  /** Files that were damaged or missing, by name. */
  leftOut: readonly string[]
  /** Stores it as the account's link. Throws `DaemonError` (`already_linked`) and `StorageError`, with nothing changed. */
  store(database: Database): void
}

/** Takes over links of other programs. What they stored is read and never changed. */
export interface LinkImporter {
  /** Whether another program has a link in `directory`, as far as a glance shows. */
  holdsLink(directory: string): boolean
  /**
   * Throws `DaemonError` (`import_refused`) where there is no link, where something is damaged, and where a program may be
   * using it; `force` imports all the same, without what is damaged.
   */
  read(directory: string, options: { force: boolean }): Promise<ImportableLink>
  /** When the newest file of the link there was changed, milliseconds since the epoch; `null` where none is left. */
  changedAt(directory: string): Promise<number | null>
}

/** What a look at WhatsApp's server, without any account, has shown. */
export interface ServerReport {
  host: string
  /** Its body has been read. */
  answer: ServerAnswer
  /** The client version that a link claims to be. */
  version: {
    used: string
    /** A person chose it in the config. */
    isChosen: boolean
    /** WhatsApp refused the one of this build, and this is the current one, as WhatsApp's page named it. */
    isFound: boolean
    /** Whether the daemon may look up the current one when WhatsApp refuses this one. */
    isLookedUp: boolean
    /** How old it is, days: by the page where that was asked, else by the date. */
    ageDays: number
  }
}

/** A way into WhatsApp, as accounts use it. */
export interface TransportKind {
  open: OpenLink
  /** Whether an account's files hold what this transport was linked or connected with. Throws `StorageError`. */
  isStored(files: Pick<LinkDependencies, 'database' | 'directory'>): boolean
  /** Looks at the server, without any account; absent where there is none to look at. Never rejects, and takes some seconds at most. */
  askServer?(signal: AbortSignal): Promise<ServerReport>
  /** Takes in what is posted to an account whose files are closed, as far as it is for others; absent where nobody posts. */
  webhookWhileClosed?(account: string): WebhookReceiver
}

/** By the name that the config uses. */
export type Transports = Readonly<Record<'linked-device' | 'cloud-api', TransportKind>>
