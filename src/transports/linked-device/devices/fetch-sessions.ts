import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  isHostedPnUser,
  isPnUser,
  parseAndInjectE2ESessions,
  S_WHATSAPP_NET,
  type WASocket,
} from '@whiskeysockets/baileys'
import { deviceName } from './device-name.ts'
import type { KeylessDevices } from './keyless-devices.ts'
import { withDeadline } from '../../../timing/deadline.ts'

/** How long the keys of further devices may hold up a message that somebody can read without them. */
export const FURTHER_KEYS_TIMEOUT_MS = 5_000
const DEVICES_PER_QUERY = 200
/** A session takes milliseconds to compute; others go on in between. */
const SESSIONS_PER_TURN = 4

export interface FetchedSessions {
  /** There is no session with them; as they were given. */
  missing: ReadonlySet<string>
  /** The part of those for which WhatsApp, being asked now, had no keys that could be used. */
  refused: readonly string[]
  /** Why something that was asked was not answered; `undefined` when all was. */
  failure: Error | undefined
}

export interface FetchOptions {
  keyless: KeylessDevices
  /** Which of those without a session are asked for: all but the resting ones by default. */
  ask?: 'rested' | 'all' | 'none'
  /** How long an answer may take, in milliseconds; as long as any query without it. */
  timeLimitMs?: number | undefined
}

/**
 * Opens the sessions that are missing with these devices. One for which there are no keys, or whose keys are damaged or
 * not signed by its identity, is left out. Never rejects for an answer or the lack of one.
 */
export async function fetchSessions(
  socket: WASocket,
  jids: readonly string[],
  { keyless, ask = 'rested', timeLimitMs }: FetchOptions,
): Promise<FetchedSessions> {
  const wanted = await withoutSession(socket, jids)
  const asked = wanted.filter((jid) => ask === 'all' || (ask === 'rested' && !keyless.isResting(jid)))
  if (asked.length === 0) return { missing: new Set(wanted), refused: [], failure: undefined }
  const opened = new Set<string>()
  const answered = askForKeys(socket, asked, opened)
  // What is not answered by then may still be answered, and used by the next message.
  const failure = await (timeLimitMs === undefined ? answered : withDeadline(answered, timeLimitMs, tooLate))
  const missing = new Set(await withoutSession(socket, wanted))
  for (const jid of asked) if (!missing.has(jid)) keyless.remove(jid)
  // A session that was opened, and closed meanwhile for another reason, says nothing about the keys.
  const refused = failure === undefined ? asked.filter((jid) => missing.has(jid) && !opened.has(jid)) : []
  for (const jid of refused) keyless.add(jid)
  return { missing, refused, failure }
}

/** Throws the failure when the connection has ended: that says nothing about the keys, and the next one asks for all again. */
export function refuseClosed(socket: WASocket, { failure }: Pick<FetchedSessions, 'failure'>): void {
  if (failure !== undefined && !socket.ws.isOpen) throw failure
}

/** Those that there is no session with. */
export async function withoutSession(socket: WASocket, jids: readonly string[]): Promise<string[]> {
  const missing: string[] = []
  for (const jid of jids) {
    const { exists } = await socket.signalRepository.validateSession(jid)
    if (!exists) missing.push(jid)
  }
  return missing
}

function tooLate(): Error {
  return new Error('WhatsApp did not answer the question for keys in time')
}

/** Adds to `opened` those of `jids` for which the answer brought a session. */
async function askForKeys(
  socket: WASocket,
  jids: readonly string[],
  opened: Set<string>,
): Promise<Error | undefined> {
  let failure: Error | undefined
  const names = await namesOnWire(socket, jids)
  const openedNames = new Set<string>()
  for (let start = 0; start < names.length; start += DEVICES_PER_QUERY) {
    const problem = await askOnce(socket, names.slice(start, start + DEVICES_PER_QUERY), openedNames)
    failure ??= problem
  }
  for (const [index, jid] of jids.entries()) if (openedNames.has(deviceName(names[index]))) opened.add(jid)
  return failure
}

async function askOnce(
  socket: WASocket,
  names: readonly string[],
  opened: Set<string>,
): Promise<Error | undefined> {
  let answer: BinaryNode | undefined
  try {
    // Baileys answers nothing where its type promises a stanza: the time is up.
    answer = (await socket.query({
      tag: 'iq',
      attrs: { xmlns: 'encrypt', type: 'get', to: S_WHATSAPP_NET },
      content: [{ tag: 'key', attrs: {}, content: names.map((jid) => ({ tag: 'user', attrs: { jid } })) }],
    })) as BinaryNode | undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
  if (answer === undefined) return new Error('WhatsApp did not answer the question for keys')
  const open = new Set(names.map((jid) => deviceName(jid)))
  let bundles = 0
  for (const bundle of getBinaryNodeChildren(getBinaryNodeChild(answer, 'list'), 'user')) {
    const name = deviceName(bundle.attrs.jid)
    // Once each, and only what was asked for.
    if (!open.delete(name)) continue
    if (await openSession(socket, bundle)) opened.add(name)
    bundles += 1
    if (bundles % SESSIONS_PER_TURN === 0) await nextTurn()
  }
  return undefined
}

/** Whether there is a session now: what cannot be used is as if WhatsApp had left it out. */
async function openSession(socket: WASocket, bundle: BinaryNode): Promise<boolean> {
  const list = { tag: 'list', attrs: {}, content: [bundle] }
  try {
    await parseAndInjectE2ESessions({ tag: 'iq', attrs: {}, content: [list] }, socket.signalRepository)
    return true
  } catch {
    return false
  }
}

/** Keys are kept under the LID where there is one: sessions are, too. */
async function namesOnWire(socket: WASocket, jids: readonly string[]): Promise<string[]> {
  const numbers = jids.filter((jid) => isPnUser(jid) === true || isHostedPnUser(jid) === true)
  if (numbers.length === 0) return [...jids]
  // Whose LID cannot be had is asked for by number.
  const pairs = await socket.signalRepository.lidMapping.getLIDsForPNs(numbers).catch(() => null)
  const lids = new Map((pairs ?? []).map(({ pn, lid }) => [deviceName(pn), lid]))
  return jids.map((jid) => lids.get(deviceName(jid)) ?? jid)
}
