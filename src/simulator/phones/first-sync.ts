import { deflateSync } from 'node:zlib'
import { proto } from '@whiskeysockets/baileys'
import type { Account } from '../server/account.ts'
import type { AppStateChange } from '../server/app-state.ts'
import type { SimulatedGroup } from '../server/groups/group.ts'
import type { MediaStore } from '../server/media/media-store.ts'
import { sealFile } from './media/media-cipher.ts'

/** A contact of a phone. */
export interface KnownContact {
  account: Account
  name: string
}

const { HISTORY_SYNC_NOTIFICATION, INITIAL_SECURITY_NOTIFICATION_SETTING_SYNC, LID_MIGRATION_MAPPING_SYNC } =
  proto.Message.ProtocolMessage.Type

type HistoryKind = keyof typeof proto.HistorySync.HistorySyncType
type HistoryPart = Omit<proto.IHistorySync, 'syncType'>

/** The age of the messages in the history. */
const AGE_SECONDS = 3 * 24 * 60 * 60
const MUTED_MS = 8 * 60 * 60_000

/** The app state of a phone that links its first client: its person's name, contacts, one muted chat, one archived. */
export function firstAppState(
  name: string,
  contacts: readonly KnownContact[],
  nowMs: number,
): AppStateChange[] {
  const timestamp = nowMs
  const changes: AppStateChange[] = [
    {
      type: 'critical_block',
      index: ['setting_pushName'],
      apiVersion: 1,
      syncAction: { timestamp, pushNameSetting: { name } },
    },
    ...contacts.map(({ account, name: fullName }) => ({
      type: 'critical_unblock_low' as const,
      index: ['contact', account.jid],
      apiVersion: 2,
      syncAction: { timestamp, contactAction: { fullName, firstName: fullName, lidJid: account.lid } },
    })),
  ]
  const [muted, archived] = contacts
  if (muted !== undefined)
    changes.push({
      type: 'regular_high',
      index: ['mute', muted.account.jid],
      apiVersion: 2,
      syncAction: { timestamp, muteAction: { muted: true, muteEndTimestamp: nowMs + MUTED_MS } },
    })
  if (archived !== undefined)
    changes.push({
      type: 'regular_low',
      index: ['archive', archived.account.jid],
      apiVersion: 3,
      syncAction: { timestamp, archiveChatAction: { archived: true } },
    })
  return changes
}

/**
 * The messages of a phone to a client that it has just linked, besides the key of the app state: a setting, the numbers
 * of LIDs, and the history in four parts: chats with contacts, whoever they are to the client, and groups. The larger part lies on WhatsApp's
 * servers of files.
 */
export function firstSyncMessages(
  contacts: readonly KnownContact[],
  groups: readonly SimulatedGroup[],
  { nowMs, random, store }: { nowMs: number; random: (size: number) => Buffer; store: MediaStore },
): proto.IMessage[] {
  const conversations = [
    ...contacts.map((contact) => conversationWith(contact, nowMs, random)),
    ...groups.map((group) => conversationIn(group, contacts, { nowMs, random })),
  ]
  const pushnames = contacts.map(({ account, name }) => ({ id: account.jid, pushname: name }))
  const known = contacts.filter(({ account }) => account.addressing === 'both')
  const phoneNumberToLidMappings = known.map(({ account }) => ({ pnJid: account.jid, lidJid: account.lid }))
  return [
    {
      protocolMessage: {
        type: INITIAL_SECURITY_NOTIFICATION_SETTING_SYNC,
        initialSecurityNotificationSettingSync: { securityNotificationEnabled: true },
      },
    },
    lidMigrationMessage(known.map(({ account }) => ({ phoneNumber: account.user, lid: account.lidUser }))),
    historyMessage('INITIAL_BOOTSTRAP', { conversations, phoneNumberToLidMappings, progress: 0 }),
    historyMessage('PUSH_NAME', { pushnames, progress: 50 }),
    historyMessage('NON_BLOCKING_DATA', { progress: 70 }),
    historyFile('RECENT', { conversations, progress: 100, chunkOrder: 1 }, { random, store }),
  ]
}

/** A part of the history, packed into the message itself. */
export function historyMessage(kind: HistoryKind, part: HistoryPart): proto.IMessage {
  return notification(kind, part, { initialHistBootstrapInlinePayload: packed(kind, part) })
}

/** A part of the history, as an encrypted file on WhatsApp's servers. */
export function historyFile(
  kind: HistoryKind,
  part: HistoryPart,
  { random, store }: { random: (size: number) => Buffer; store: MediaStore },
): proto.IMessage {
  const bytes = packed(kind, part)
  const { blob, ...seal } = sealFile(bytes, { info: 'WhatsApp History Keys', mediaKey: random(32) })
  const { directPath } = store.put('md-msg-hist', blob)
  return notification(kind, part, { ...seal, directPath, fileLength: bytes.length })
}

function packed(kind: HistoryKind, part: HistoryPart): Buffer {
  const history = proto.HistorySync.fromObject({ ...part, syncType: proto.HistorySync.HistorySyncType[kind] })
  return deflateSync(proto.HistorySync.encode(history).finish())
}

function notification(
  kind: HistoryKind,
  { progress = null, chunkOrder = null }: HistoryPart,
  place: proto.Message.IHistorySyncNotification,
): proto.IMessage {
  const syncType = proto.Message.HistorySyncType[kind]
  return {
    protocolMessage: {
      type: HISTORY_SYNC_NOTIFICATION,
      historySyncNotification: { syncType, progress, chunkOrder, ...place },
    },
  }
}

/** The numbers of LIDs, as a phone sends them that has moved its chats to LIDs. Both are digits alone. */
export function lidMigrationMessage(pairs: readonly { phoneNumber: string; lid: string }[]): proto.IMessage {
  const pnToLidMappings = pairs.map(({ phoneNumber, lid }) => ({
    pn: Number(phoneNumber),
    assignedLid: Number(lid),
  }))
  const encodedMappingPayload = proto.LIDMigrationMappingSyncPayload.encode({ pnToLidMappings }).finish()
  return {
    protocolMessage: {
      type: LID_MIGRATION_MAPPING_SYNC,
      lidMigrationMappingSyncMessage: { encodedMappingPayload },
    },
  }
}

/** A chat with one message of either side, the newer one first as on a phone, and the token that the contact gave the phone. */
function conversationWith(
  { account, name }: KnownContact,
  nowMs: number,
  random: (size: number) => Buffer,
): proto.IConversation {
  const messageTimestamp = Math.floor(nowMs / 1000) - AGE_SECONDS
  const id = account.deviceJid(account.modeFor('lid'))
  const message = (fromMe: boolean, conversation: string): proto.IHistorySyncMsg => ({
    message: {
      key: { remoteJid: id, fromMe, id: random(8).toString('hex').toUpperCase() },
      message: { conversation },
      messageTimestamp: messageTimestamp - (fromMe ? 0 : 60),
    },
  })
  return {
    id,
    name,
    ...(account.addressing === 'both' ? { pnJid: account.jid, lidJid: account.lid } : {}),
    messages: [message(true, `an old answer to ${name}`), message(false, `an old question of ${name}`)],
    conversationTimestamp: messageTimestamp,
    unreadCount: 1,
    tcToken: random(16),
    tcTokenTimestamp: messageTimestamp,
  }
}

/** A group in which each contact that is a member wrote something. */
function conversationIn(
  group: SimulatedGroup,
  contacts: readonly KnownContact[],
  { nowMs, random }: { nowMs: number; random: (size: number) => Buffer },
): proto.IConversation {
  const messageTimestamp = Math.floor(nowMs / 1000) - AGE_SECONDS + 60
  const messages = contacts
    .filter(({ account }) => group.has(account))
    .map(({ account, name }, index) => ({
      message: {
        key: {
          remoteJid: group.jid,
          fromMe: false,
          id: random(8).toString('hex').toUpperCase(),
          participant: account.deviceJid(group.modeOf(account)),
        },
        message: { conversation: `an old word of ${name} in ${group.subject}` },
        messageTimestamp: messageTimestamp - index,
      },
    }))
  return { id: group.jid, name: group.subject, messages, conversationTimestamp: messageTimestamp }
}
