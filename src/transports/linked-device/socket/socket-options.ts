import type { Agent } from 'node:http'
import type { Agent as SecureAgent } from 'node:https'
import {
  DEFAULT_CONNECTION_CONFIG,
  isJidBroadcast,
  isJidGroup,
  isJidNewsletter,
  type UserFacingSocketConfig,
  type WAMessageKey,
} from '@whiskeysockets/baileys'
import type { ClientVersion } from './client-versions.ts'
import { DeviceLists } from '../devices/device-lists.ts'
import type { GroupDirectory } from '../groups/group-directory.ts'
import type { SenderIdentity } from '../../../messaging/identity.ts'
import type { OutgoingContent } from '../../../messaging/outgoing-message.ts'
import type { CredentialStore } from '../signal/credential-store.ts'
import type { LinkCaches } from '../signal/link-caches.ts'
import type { MessageJournal } from '../inbound/message-journal.ts'
import type { ChatTimers } from '../outbound/chat-timers.ts'
import { closeDocument } from '../outbound/document-caption.ts'
import { ownAddress, timerOf, toMessage } from '../outbound/to-message.ts'
import type { Uploads } from '../media/uploads.ts'
import type { Resends } from '../outbound/resends.ts'
import { sending } from '../outbound/sending.ts'
import type { PasskeyTimes } from '../linking/passkey/passkey-machine.ts'
import { makeRepairedSignalRepository } from '../signal/signal-repository.ts'

export type BaileysLogger = NonNullable<UserFacingSocketConfig['logger']>

/** A server of files; the others are beside it. */
const MEDIA_URL = 'https://mmg.whatsapp.net/'
/** A query that WhatsApp leaves unanswered holds up what waits behind it for this long. */
const QUERY_TIMEOUT_MS = 30_000
/** Of each of Baileys' own QRs: at the end of the last one it closes the socket. Ours have another clock (`qr-series.ts`). */
const QR_TIMEOUT_MS = 60 * 60_000

/** The server to talk to; `null` means WhatsApp's own. */
export interface ServerSettings {
  webSocketUrl: string | null
  /** Base64; accepted by the config only with a loopback URL. */
  noiseRootKey: string | null
  version: ClientVersion | null
}

/** Shortened by tests; milliseconds. */
export interface SocketTimings {
  /** Every QR lives this long instead of 60 s and then 20 s. */
  qrTimeoutMs?: number
  keepAliveIntervalMs?: number
  queryTimeoutMs?: number
  passkey?: Partial<PasskeyTimes>
}

export interface SocketOptionsInput {
  store: CredentialStore
  journal: MessageJournal
  server: ServerSettings
  /** The client version that we claim to be; the one of this build without it. */
  version?: ClientVersion
  /** What connects to this URL; `undefined` for a direct connection. */
  agentFor: (url: string) => Agent | undefined
  timings: SocketTimings
  caches: LinkCaches
  logger: BaileysLogger
  groups: GroupDirectory
  timers: Pick<ChatTimers, 'of'>
  uploads: Pick<Uploads, 'of'>
  /** Whether anything of this group is read. */
  readsGroup(group: string): boolean
  /** Whether what the account's owner writes to this person may be kept (`Sink`). */
  keepsOwnerWords: (to: SenderIdentity) => boolean
  /** What we sent to this chat under this id, from disk, for a phone that asks again; `null` for anybody else. */
  sentContent(id: string, chat: string): OutgoingContent | null
}

/** Chats of which nothing is read: Baileys refuses their messages undecrypted. */
export function isIgnoredChat(jid: string, { readsGroup }: Pick<SocketOptionsInput, 'readsGroup'>): boolean {
  if (isJidGroup(jid) === true) return !readsGroup(jid)
  return isJidBroadcast(jid) === true || isJidNewsletter(jid) === true
}

/** The way to the chat server, and to the servers of files. */
function agentsOf(
  { agentFor }: Pick<SocketOptionsInput, 'agentFor'>,
  chatUrl: string,
): Pick<UserFacingSocketConfig, 'agent' | 'fetchAgent'> {
  const agent = agentFor(chatUrl)
  const fetchAgent = agentFor(MEDIA_URL)
  return {
    // Baileys asks for the type of `https`, and uses what `http` offers.
    ...(agent === undefined ? {} : { agent: agent as SecureAgent }),
    ...(fetchAgent === undefined ? {} : { fetchAgent: fetchAgent as SecureAgent }),
  }
}

/** What we give to `makeWASocket`; why: `docs/decisions/0003-around-baileys.md`. */
export function socketOptions(
  input: SocketOptionsInput,
  resends: Pick<Resends, 'take'>,
): UserFacingSocketConfig {
  const { store, server, version, timings, caches, logger } = input
  const waWebSocketUrl = server.webSocketUrl ?? String(DEFAULT_CONNECTION_CONFIG.waWebSocketUrl)
  return {
    auth: { creds: store.credentials, keys: store.keys },
    logger,
    waWebSocketUrl,
    ...agentsOf(input, waWebSocketUrl),
    version: version === undefined ? DEFAULT_CONNECTION_CONFIG.version : [...version],
    // `available` would silence the notifications of the owner's own phone.
    markOnlineOnConnect: false,
    syncFullHistory: false,
    // Baileys would read the history, and fetch the app state, while every message waits.
    shouldSyncHistoryMessage: () => false,
    emitOwnEvents: false,
    defaultQueryTimeoutMs: timings.queryTimeoutMs ?? QUERY_TIMEOUT_MS,
    // Baileys would wait this long after each message that it cannot read, and hold up everybody else's.
    retryRequestDelayMs: 0,
    transactionOpts: { maxCommitRetries: 3, delayBetweenTriesMs: 200 },
    qrTimeout: QR_TIMEOUT_MS,
    ...(timings.keepAliveIntervalMs === undefined
      ? {}
      : { keepAliveIntervalMs: timings.keepAliveIntervalMs }),
    userDevicesCache: new DeviceLists(caches.devices, caches.keylessDevices),
    msgRetryCounterCache: caches.retryCounters,
    shouldIgnoreJid: (jid) => isIgnoredChat(jid, input),
    cachedGroupMetadata: (jid) => Promise.resolve(sending.getStore()?.plan?.group ?? input.groups.fresh(jid)),
    // In the chat with ourselves Baileys lists our devices as sender's and as recipient's, and would write to each twice.
    patchMessageBeforeSending: (opened, recipients) => {
      const message = closeDocument(opened)
      const once = [...new Set(recipients)]
      return once.length === (recipients?.length ?? 0)
        ? message
        : once.map((recipientJid) => ({ recipientJid, message }))
    },
    makeSignalRepository: makeRepairedSignalRepository({
      store,
      journal: input.journal,
      numbersWithoutLid: caches.numbersWithoutLid,
      keylessDevices: caches.keylessDevices,
    }),
    getMessage: (key: WAMessageKey) => {
      const { id, remoteJid } = key
      const sent = !id || !remoteJid ? null : input.sentContent(id, remoteJid)
      if (sent === null) return Promise.resolve(undefined)
      const chat = remoteJid ?? ''
      const uploaded = input.uploads.of(id ?? '')
      // Its file is not to be had any more.
      if (sent.kind === 'message' && sent.part.kind === 'file' && uploaded === null)
        return Promise.resolve(undefined)
      const group = input.groups.fresh(chat)
      const timer = timerOf(chat, group, input.timers)
      const own = ownAddress(store.me, chat, group)
      const message = toMessage(sent, chat, { own, timer, uploaded })
      return Promise.resolve(resends.take(key, message) ? undefined : message)
    },
  }
}
