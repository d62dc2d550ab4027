import type { ClientState, ClientStateChange, Subscription } from '../../../client/client-events.ts'
import type { RequestError } from '../../../client/request-error.ts'
import type { AccountPasskey, AccountView, LinkOffer } from '../../../protocol/account/account.ts'
import type { AccountConfigView, ConfigView } from '../../../protocol/config/config-view.ts'
import type { ConversationView } from '../../../protocol/conversations/conversation-view.ts'
import type { EventPayload } from '../../../protocol/events.ts'
import type { ConfigProblem } from '../../../protocol/config/config-problem.ts'
import type { Activity } from './activity-follower.ts'
import { listOf, readAccounts, readConfigView } from './read-frames.ts'
import type { MethodResult } from '../../../protocol/methods.ts'
import type { OutboxList } from '../../../protocol/outbox-entry.ts'

export type BlockedSender = EventPayload<'message.blocked'>

/** Everything the card knows, for all accounts of the daemon. Immutable; `reduceCard` makes the next one. */
export interface CardState {
  connection: ClientState
  connectionError: RequestError | null
  /** When the next attempt to connect begins, by the local clock; `null` while none is planned. Milliseconds since 1970. */
  retryAt: number | null
  /** Of when the rest is, by the local clock, while the daemon is away; `null` while it is not. */
  asOf: number | null
  /** False until the first snapshot: nothing is known yet. */
  loaded: boolean
  accounts: Readonly<Record<string, AccountView>>
  /** Live QR codes and pairing codes by account. Secret: never put into an attribute or an event. */
  offers: Readonly<Record<string, LinkOffer>>
  /** What is to be signed to link with a passkey, by account. Secret as well. */
  passkeys: Readonly<Record<string, AccountPasskey>>
  /** By account; only of the one that is shown. */
  activity: Readonly<Record<string, Activity>>
  config: ConfigView | null
  /** Newest first. */
  blocked: readonly BlockedSender[]
  /** The newest replies that failed, by account; only those of accounts that have some, for tokens that may read them. */
  failedReplies: Readonly<Record<string, OutboxList>>
  /** The chats that a person has taken over, by account; only of accounts that have some, for tokens that may see them. */
  takenOver: Readonly<Record<string, TakenOverChats>>
  /** Who asks for access, by account; with codes, for tokens that may decide it. */
  pairing: Readonly<Record<string, MethodResult<'pairing.list'>['requests']>>
  /** The answer to the last search among more numbers than the daemon sends at once; `null` before the first. */
  found: FoundNumbers | null
  /** What the daemon was asked last about one number of a long list; `null` before the first. */
  sender: FoundSender | null
  /** Add to the local clock to get the daemon's. */
  clockOffsetMs: number
}

interface TakenOverChats {
  /** How many there are, those included that are not in `chats`. */
  count: number
  /** As far as they are among the latest conversations. */
  chats: readonly ConversationView[]
}

/** The first numbers of an account that a search has found. `isRefused`: the daemon is one that cannot search. */
export interface FoundNumbers {
  account: string
  filter: string
  numbers: readonly string[]
  /** What they are called, where they have a name. */
  names: Readonly<Record<string, string>>
  total: number
  isRefused: boolean
}

/** What `senders` says of one number. */
interface FoundSender {
  account: string
  number: string
  /** Of the config that it is part of. */
  revision: string | undefined
  /** `null` until the answer is here. */
  entry: { agent: string | null; name: string | null } | null
}

export type CardInput =
  | { type: 'connection'; change: ClientStateChange; nowMs: number; lastHeardAt: number | null }
  /** The next attempt to connect begins before its time. */
  | { type: 'attempt' }
  | { type: 'activity'; account: string; activity: Activity | null }
  | { type: 'snapshot'; subscription: Subscription; clockOffsetMs: number }
  | { type: 'account'; account: AccountView }
  | { type: 'removed'; account: string }
  | { type: 'offer'; offer: LinkOffer }
  | { type: 'passkey'; passkey: AccountPasskey }
  | { type: 'blocked'; blocked: BlockedSender }
  | { type: 'blockedDismissed'; blocked: BlockedSender }
  | { type: 'failedReplies'; account: string; list: OutboxList }
  | ({ type: 'takenOver'; account: string } & TakenOverChats)
  | { type: 'conversation'; account: string; view: ConversationView }
  | ({ type: 'pairing'; account: string } & MethodResult<'pairing.list'>)
  | { type: 'found'; found: FoundNumbers }
  | { type: 'sender'; sender: FoundSender }
  | { type: 'config'; config: ConfigView }
  | { type: 'configRejected'; problem: ConfigProblem }
  | ({ type: 'allowFrom'; account: string } & MethodResult<'config.addAllowFrom'>)

const MAX_BLOCKED = 50

export const INITIAL_CARD_STATE: CardState = {
  connection: 'closed',
  connectionError: null,
  retryAt: null,
  asOf: null,
  loaded: false,
  accounts: {},
  offers: {},
  passkeys: {},
  activity: {},
  config: null,
  blocked: [],
  failedReplies: {},
  takenOver: {},
  pairing: {},
  found: null,
  sender: null,
  clockOffsetMs: 0,
}

type Reducers = {
  [Type in CardInput['type']]: (
    state: CardState,
    input: Extract<CardInput, { type: Type }>,
  ) => Partial<CardState>
}

const REDUCERS: Reducers = {
  connection: (state, { change, nowMs, lastHeardAt }) => ({
    connection: change.state,
    connectionError: change.error,
    retryAt: change.retryInMs === null ? null : nowMs + change.retryInMs,
    asOf: change.state === 'ready' ? null : lastHeardAt,
    // Without the daemon a QR code may have expired unnoticed.
    offers: change.state === 'ready' ? state.offers : {},
    passkeys: change.state === 'ready' ? state.passkeys : {},
  }),
  attempt: () => ({ retryAt: null }),
  activity: (state, { account, activity }) =>
    activity === null ? {} : { activity: { ...state.activity, [account]: activity } },
  snapshot: (_state, { subscription: { snapshot }, clockOffsetMs }) => ({
    loaded: true,
    accounts: byAccount(readAccounts(snapshot.accounts)),
    offers: byAccount(listOf(snapshot.offers)),
    passkeys: byAccount(listOf(snapshot.passkeys ?? [])),
    config: readConfigView(snapshot.config),
    blocked: listOf(snapshot.blocked),
    failedReplies: {},
    takenOver: {},
    pairing: {},
    // What was asked before may have had no answer.
    sender: null,
    clockOffsetMs,
  }),
  account: (state, { account }) => ({
    accounts: {
      ...state.accounts,
      ...byAccount(readAccounts([account]).map((each) => withIdentity(each, state.accounts[each.account]))),
    },
    offers: account.state === 'awaiting_scan' ? state.offers : without(state.offers, account.account),
    passkeys: account.passkey ? state.passkeys : without(state.passkeys, account.account),
    failedReplies: account.failedMessages
      ? state.failedReplies
      : without(state.failedReplies, account.account),
    takenOver: account.takenOver ? state.takenOver : without(state.takenOver, account.account),
  }),
  removed: (state, { account }) => ({ accounts: without(state.accounts, account) }),
  offer: (state, { offer }) => ({ offers: { ...state.offers, [offer.account]: offer } }),
  passkey: (state, { passkey }) => ({ passkeys: { ...state.passkeys, [passkey.account]: passkey } }),
  blocked: (state, { blocked }) => {
    const others = state.blocked.filter((known) => !isSameSender(known, blocked))
    return { blocked: [blocked, ...others].slice(0, MAX_BLOCKED) }
  },
  blockedDismissed: (state, { blocked }) => ({
    blocked: state.blocked.filter((known) => !isSameSender(known, blocked)),
  }),
  pairing: (state, { account, requests }) => ({ pairing: { ...state.pairing, [account]: listOf(requests) } }),
  failedReplies: (state, { account, list }) => ({
    failedReplies: { ...state.failedReplies, [account]: list },
  }),
  takenOver: (state, { account, count, chats }) => ({
    takenOver: { ...state.takenOver, [account]: { count, chats: listOf(chats) } },
  }),
  conversation: (state, { account, view }) => {
    const known = state.takenOver[account]
    if (known === undefined) return {}
    const others = known.chats.filter(({ conversationId }) => conversationId !== view.conversationId)
    const chats = view.assistant.state === 'paused' ? [view, ...others] : others
    const count = known.count + chats.length - known.chats.length
    return { takenOver: { ...state.takenOver, [account]: { count, chats } } }
  },
  found: (_state, { found }) => ({ found }),
  sender: (_state, { sender }) => ({ sender }),
  config: (state, input) => {
    const config = readConfigView(input.config)
    if (config === null) return {}
    // No event says that an account was removed from the file.
    const accounts = Object.entries(state.accounts).filter(([id]) => id in config.accounts)
    return { config, accounts: Object.fromEntries(accounts) }
  },
  configRejected: (state, { problem }) =>
    state.config === null ? {} : { config: { ...state.config, valid: false, problems: [problem] } },
  allowFrom: (state, { account, allowFrom, allowFromTotal, allowFromComplete, revision }) => {
    const settings = state.config?.accounts[account]
    if (state.config === null || settings === undefined) return {}
    const accounts = {
      ...state.config.accounts,
      [account]: { ...settings, allowFrom, allowFromTotal, allowFromComplete },
    }
    return { config: { ...state.config, revision, accounts } }
  },
}

/** The state after `input`. Pure. */
export function reduceCard(state: CardState, input: CardInput): CardState {
  // The key of the table is the input's type, so the entry takes this input.
  const reduce = REDUCERS[input.type] as (state: CardState, input: CardInput) => Partial<CardState>
  return { ...state, ...reduce(state, input) }
}

/**
 * The account that a card is about: the one that its page names, else the chosen one while it exists, else the config's
 * default, else the first.
 */
export function accountIdOf(
  state: CardState,
  named: string | null,
  chosen: string | null = null,
): string | null {
  const existing = chosen !== null && chosen in state.accounts ? chosen : null
  return named ?? existing ?? state.config?.defaultAccount ?? Object.keys(state.accounts)[0] ?? null
}

/** Blocked senders of `account` who are still not allowed, newest first. */
export function blockedSendersOf(state: CardState, account: string): BlockedSender[] {
  const settings = state.config?.accounts[account]
  const mayHaveChangedPeople = !hasNobodyChanged(state.accounts[account])
  // Who asks for access is shown with the code.
  const asking = new Set(state.pairing[account]?.map(entryOf))
  return state.blocked.filter(
    (blocked) =>
      blocked.account === account &&
      !asking.has(entryOf(blocked)) &&
      ((blocked.reason === 'person_changed' && mayHaveChangedPeople) ||
        !isAllowed(settings, entryOf(blocked))),
  )
}

/** Of a connected account a changed person is told before these. Other reasons may hide that there is one. */
function hasNobodyChanged(account: AccountView | undefined): boolean {
  const code = account?.reason?.code
  return account?.state === 'connected' && (code === undefined || code === 'phone_away')
}

/** By what a sender who wrote can be allowed: the number, or WhatsApp's own id where it hides that; `null` for neither. */
export function entryOf({
  phoneNumber,
  id = null,
}: Pick<BlockedSender, 'phoneNumber' | 'id'>): string | null {
  return phoneNumber ?? id
}

/**
 * Whether the settings that the daemon sent, which need not hold all numbers, allow the person of this entry to write directly. Only for
 * what is shown; the daemon decides.
 */
export function isAllowed(settings: AccountConfigView | undefined, entry: string | null): boolean {
  if (settings === undefined || settings.dmPolicy === 'disabled') return false
  if (settings.dmPolicy === 'open') return true
  return entry !== null && settings.allowFrom.includes(entry)
}

/** A daemon that shuts down has closed the files of the account, and still is who it was. */
function withIdentity(account: AccountView, known: AccountView | undefined): AccountView {
  if (account.state !== 'stopped' || known === undefined) return account
  const { phoneNumber, displayName, linkedSince } = known
  return { ...account, phoneNumber, displayName, linkedSince }
}

function isSameSender(one: BlockedSender, other: BlockedSender): boolean {
  if (one.account !== other.account || entryOf(one) !== entryOf(other)) return false
  return entryOf(one) !== null || one.name === other.name
}

function byAccount<Value extends { account: string }>(values: readonly Value[]): Record<string, Value> {
  return Object.fromEntries(values.map((value) => [value.account, value]))
}

function without<Value>(record: Readonly<Record<string, Value>>, key: string): Record<string, Value> {
  const { [key]: _removed, ...rest } = record
  return rest
}
