import { SessionCipher } from 'libsignal'
import { copySession, type SessionEntry } from './quiet-session-record.ts'

/** The step of libsignal's cipher that its type declarations leave out. */
interface CipherInternals {
  doDecryptWhisperMessage(body: Buffer, session: SessionEntry): Promise<Buffer>
}

/**
 * Decrypts without output on the console, where libsignal's own prints every failed attempt. It works on copies, as phones
 * do: a session that a message does not belong to stays as it was.
 */
export class QuietSessionCipher extends SessionCipher {
  /** Called by libsignal with a device's sessions, the last used one first. Throws what the last attempt threw. */
  async decryptWithSessions(
    body: Buffer,
    sessions: SessionEntry[],
  ): Promise<{ session: SessionEntry; plaintext: Buffer }> {
    // libsignal declares only part of the class that it exports.
    const cipher = this as unknown as CipherInternals
    let failure: unknown = new Error('no session')
    for (const session of sessions) {
      try {
        const trial = copySession(session)
        const plaintext = await cipher.doDecryptWhisperMessage(body, trial)
        delete session.pendingPreKey
        Object.assign(session, trial)
        session.indexInfo.used = Date.now()
        return { session, plaintext }
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }
}
