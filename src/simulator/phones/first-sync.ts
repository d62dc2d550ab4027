import { deflateSync } from 'node:zlib'
import { proto } from '@whiskeysockets/baileys'
import type { Account } from '../server/account.ts'
import type { AppStateChange } from '../server/app-state.ts'

/** A contact of a phone. */
export interface KnownContact {
  account: Account
  name: string
}

const { HISTORY_SYNC_NOTIFICATION, INITIAL_SECURITY_NOTIFICATION_SETTING_SYNC, LID_MIGRATION_MAPPING_SYNC } =
  proto.Message.ProtocolMessage.Type

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
 * of LIDs, and the history in three parts. A real phone puts the larger parts on WhatsApp's media servers; here all are
 * inline.
 */
export function firstSyncMessages(
  contacts: readonly KnownContact[],
  nowMs: number,
  random: (size: number) => Buffer,
): proto.IMessage[] {
  const conversations = contacts.map((contact) => conversationWith(contact, nowMs, random))
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
    historyMessage('RECENT', { conversations, progress: 100, chunkOrder: 1 }),
  ]
}

/** A part of the history, packed into the message itself. */
export function historyMessage(
  kind: keyof typeof proto.HistorySync.HistorySyncType,
  part: Omit<proto.IHistorySync, 'syncType'>,
): proto.IMessage {
  const history = proto.HistorySync.fromObject({ ...part, syncType: proto.HistorySync.HistorySyncType[kind] })
  return {
    protocolMessage: {
      type: HISTORY_SYNC_NOTIFICATION,
      historySyncNotification: {
        syncType: proto.Message.HistorySyncType[kind],
        progress: part.progress ?? null,
        chunkOrder: part.chunkOrder ?? null,
        initialHistBootstrapInlinePayload: deflateSync(proto.HistorySync.encode(history).finish()),
      },
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

/** A chat with one message of either side, and the token that the contact gave the phone. */
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
      messageTimestamp,
    },
  })
  return {
    id,
    name,
    ...(account.addressing === 'both' ? { pnJid: account.jid, lidJid: account.lid } : {}),
    messages: [message(false, `an old question of ${name}`), message(true, `an old answer to ${name}`)],
    conversationTimestamp: messageTimestamp,
    unreadCount: 1,
    tcToken: random(16),
    tcTokenTimestamp: messageTimestamp,
  }
}
