import {
  isPnUser,
  jidEncode,
  jidDecode,
  parseAndInjectE2ESessions,
  S_WHATSAPP_NET,
  type WASocket,
} from '@whiskeysockets/baileys'
import type { StoredCache } from './stored-cache.ts'

const OWN_KEYS_TIMEOUT_MS = 5_000

/**
 * Fetches the recipient's devices and the sessions with them before a send, so that the send itself asks the network
 * nothing while it holds the lock that decryption needs. A remembered list may name a device that is gone by now, whose
 * keys WhatsApp refuses: then the lists are asked for anew, once. Throws when the recipient has no device: Baileys
 * would send a message to nobody and report success.
 */
export async function warmSessions(socket: WASocket, chat: string, deviceLists: StoredCache): Promise<void> {
  const own = ownAddress(socket, chat)
  try {
    await warm(socket, own, chat, deviceLists)
  } catch {
    for (const jid of [own, chat]) deviceLists.del(jidDecode(jid)?.user ?? '')
    await warm(socket, own, chat, deviceLists)
  }
}

async function warm(socket: WASocket, own: string, chat: string, deviceLists: StoredCache): Promise<void> {
  const devices = await socket.getUSyncDevices([own, chat], true, false)
  const recipient = jidDecode(chat)?.user
  const self = jidDecode(own)?.user
  const theirs = devices.filter(({ user }) => user === recipient)
  if (recipient !== self && theirs.length === 0) {
    throw new Error('the recipient has no device that could be found')
  }
  await fetchSessions(
    socket,
    theirs.map(({ jid }) => jid),
  )
  if (recipient === self) return
  const ours = devices.filter(({ user }) => user !== recipient)
  try {
    await withinTime(
      fetchSessions(
        socket,
        ours.map(({ jid }) => jid),
      ),
    )
  } catch (error) {
    // That says nothing about the keys, and the next connection wants the whole list.
    if (!socket.ws.isOpen) throw error
    // Our own phone gets a copy as a courtesy: a phone whose keys cannot be had must not hold up the reply.
    const missing = new Set(
      await withoutSession(
        socket,
        ours.map(({ jid }) => jid),
      ),
    )
    deviceLists.set(
      self ?? '',
      ours.filter(({ jid }) => !missing.has(jid)),
    )
  }
}

/** Opens the sessions that are missing. Our own device has none with itself. */
export async function fetchSessions(socket: WASocket, jids: string[]): Promise<void> {
  const { id, lid } = socket.authState.creds.me ?? { id: '' }
  const missing = await withoutSession(
    socket,
    jids.filter((jid) => jid !== id && jid !== lid),
  )
  if (missing.length === 0) return
  await socket.assertSessions(missing)
  await fetchByNumber(
    socket,
    (await withoutSession(socket, missing)).filter((jid) => isPnUser(jid) === true),
  )
}

function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), OWN_KEYS_TIMEOUT_MS)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** Baileys asks for the keys of numbers by their LID only, and so never for those that have none. */
async function fetchByNumber(socket: WASocket, jids: string[]): Promise<void> {
  if (jids.length === 0) return
  const answer = await socket.query({
    tag: 'iq',
    attrs: { xmlns: 'encrypt', type: 'get', to: S_WHATSAPP_NET },
    content: [{ tag: 'key', attrs: {}, content: jids.map((jid) => ({ tag: 'user', attrs: { jid } })) }],
  })
  await parseAndInjectE2ESessions(answer, socket.signalRepository)
}

async function withoutSession(socket: WASocket, jids: string[]): Promise<string[]> {
  const missing: string[] = []
  for (const jid of jids) {
    const { exists } = await socket.signalRepository.validateSession(jid)
    if (!exists) missing.push(jid)
  }
  return missing
}

/** Our own address in the form of the chat's: the relay uses the same. */
function ownAddress(socket: WASocket, chat: string): string {
  const { me } = socket.authState.creds
  const lid = jidDecode(me?.lid)
  if (jidDecode(chat)?.server === 'lid' && lid !== undefined) return jidEncode(lid.user, 'lid')
  return jidEncode(jidDecode(me?.id)?.user ?? '', 's.whatsapp.net')
}
