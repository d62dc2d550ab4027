import { SessionRecord } from 'libsignal'

interface SessionEntry {
  indexInfo: { closed: number }
}

/** The methods of libsignal's record that its type declarations leave out. */
interface RecordInternals {
  getSession(baseKey: Buffer): SessionEntry | undefined
  getOpenSession(): SessionEntry | undefined
  sessions: Record<string, SessionEntry>
}

/**
 * A session record that closes sessions without a word: libsignal prints whole sessions, private keys included, on the
 * console. A record lives for one operation, so closing happens in memory and is kept only when the operation succeeds.
 */
export class QuietSessionRecord extends SessionRecord {
  #isReplacing = false

  /** A miss means that an incoming session is about to replace the open one. */
  getSession(baseKey: Buffer): SessionEntry | undefined {
    const found = this.#original.getSession.call(this, baseKey)
    this.#isReplacing = found === undefined
    return found
  }

  getOpenSession(): SessionEntry | undefined {
    const open = this.#original.getOpenSession.call(this)
    if (!this.#isReplacing || open === undefined) return open
    this.closeSession(open)
    return undefined
  }

  closeSession(session: SessionEntry): void {
    session.indexInfo.closed = Date.now()
  }

  get #original(): RecordInternals {
    // libsignal declares only part of the class that it exports.
    return SessionRecord.prototype as unknown as RecordInternals
  }
}
