import { SessionCipher } from 'libsignal'

/** A session of libsignal's record; its type declarations leave it out. */
interface SessionEntry {
  indexInfo: { used: number }
  serialize(): object
}

/** The steps of libsignal's cipher that its type declarations leave out. */
interface CipherInternals {
  decryptWithSessions(body: Buffer, sessions: SessionEntry[]): Promise<Decrypted>
  doDecryptWhisperMessage(body: Buffer, session: SessionEntry): Promise<Buffer>
}

interface Decrypted {
  session: SessionEntry
  plaintext: Buffer
}

/**
 * Makes libsignal try a message on copies of a device's sessions, and keep the copy that reads it. Its own (6.0.0,
 * `session_cipher.js`) turns the ratchet of each session in place before it knows whether the message belongs to it, and
 * stores them all when a later one fits: two devices that began a session at the same moment then have one in common
 * that is spoilt, and what goes out in it cannot be read. For every cipher of this process; idempotent.
 */
export function trySessionsOnCopies(): void {
  // The class is declared in part; both names are there in the version that is pinned.
  const cipher = SessionCipher.prototype as unknown as CipherInternals
  cipher.decryptWithSessions = decryptWithSessions
}

/** Gets the last used session first. Throws what the last one threw. */
async function decryptWithSessions(
  this: CipherInternals,
  body: Buffer,
  sessions: SessionEntry[],
): Promise<Decrypted> {
  let failure: unknown = new Error('no session with this device')
  for (const session of sessions) {
    // Nothing is stored when the last one fails too, and mostly there is but one.
    const trial = session === sessions.at(-1) ? session : copyOf(session)
    try {
      const plaintext = await this.doDecryptWhisperMessage(body, trial)
      if (trial !== session) replace(session, trial)
      session.indexInfo.used = Date.now()
      return { session, plaintext }
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

function copyOf(session: SessionEntry): SessionEntry {
  // The entry's class is not exported; it makes its instances from what `serialize` gives.
  const entry = session.constructor as unknown as { deserialize(data: object): SessionEntry }
  return entry.deserialize(session.serialize())
}

/** The record keeps the session by its place, so it stays the same object. */
function replace(session: SessionEntry, by: SessionEntry): void {
  for (const key of Object.keys(session)) Reflect.deleteProperty(session, key)
  Object.assign(session, by)
}
