import { SessionRecord } from 'libsignal'

/**
 * Ratchet chains kept of a session, the newest last. libsignal for JavaScript keeps all, so that its sessions grow with
 * every change of direction; other implementations keep five.
 */
const KEPT_CHAINS = 8

const CHAINS = '_chains'

interface Chain {
  chainKey: object
  messageKeys: object
}

export interface SessionEntry {
  indexInfo: { closed: number; used: number }
  currentRatchet: object
  pendingPreKey?: object
  [CHAINS]: Record<string, Chain>
}

/** The parts of libsignal's record that its type declarations leave out. */
interface RecordInternals {
  getSession(baseKey: Buffer): SessionEntry | undefined
  getOpenSession(): SessionEntry | undefined
  sessions: Record<string, SessionEntry>
}

// libsignal declares only part of the class that it exports.
const original = SessionRecord.prototype as unknown as RecordInternals
const internals = (record: SessionRecord): RecordInternals => record as unknown as RecordInternals

/**
 * A session record for one operation, kept only when the operation succeeds. Unlike libsignal's own it prints nothing when
 * it closes a session (libsignal prints sessions, private keys included), and it is copied instead of serialized.
 */
export class QuietSessionRecord extends SessionRecord {
  #isReplacing = false

  /** A copy that shares only what is never changed in place: keys. */
  static copyOf(record: SessionRecord): QuietSessionRecord {
    const copy = new QuietSessionRecord()
    const target = internals(copy).sessions
    for (const [baseKey, session] of Object.entries(internals(record).sessions))
      target[baseKey] = copySession(session)
    return copy
  }

  /** A miss means that an incoming session is about to replace the open one. */
  getSession(baseKey: Buffer): SessionEntry | undefined {
    const found = original.getSession.call(this, baseKey)
    this.#isReplacing = found === undefined
    return found
  }

  getOpenSession(): SessionEntry | undefined {
    const open = original.getOpenSession.call(this)
    if (!this.#isReplacing || open === undefined) return open
    this.closeSession(open)
    return undefined
  }

  closeSession(session: SessionEntry): void {
    session.indexInfo.closed = Date.now()
  }
}

export function copySession(session: SessionEntry): SessionEntry {
  // The entry's class is not exported; the copy gets its methods from the original's prototype.
  const copy = Object.assign(Object.create(Object.getPrototypeOf(session) as object) as SessionEntry, session)
  copy.indexInfo = { ...session.indexInfo }
  copy.currentRatchet = { ...session.currentRatchet }
  if (session.pendingPreKey !== undefined) copy.pendingPreKey = { ...session.pendingPreKey }
  const chains: Record<string, Chain> = {}
  for (const [key, chain] of Object.entries(session[CHAINS]).slice(-KEPT_CHAINS)) {
    chains[key] = { ...chain, chainKey: { ...chain.chainKey }, messageKeys: { ...chain.messageKeys } }
  }
  copy[CHAINS] = chains
  return copy
}
