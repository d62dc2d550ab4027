import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { readPrivateFile } from '../../../storage/files/read-private-file.ts'
import { writePrivateFile } from '../../../storage/files/write-private-file.ts'

/** Conversations whose session is remembered; those that were talked in last. */
const MAX_SESSIONS = 1_000
const MAX_ID_LENGTH = 500
const MAX_FILE_BYTES = 2 * 1_024 * 1_024

const storedSession = z.object({
  /** `sessionId` of the turns. */
  key: z.string(),
  /** The session's id at the agent. */
  session: z.string().max(MAX_ID_LENGTH),
  /** `conversationId` of the turns: a number may get another owner, and a session stays with the people who talked in it. */
  conversation: z.string(),
  /** What the agent's program calls itself. */
  agent: z.string(),
  /** When the newest message was written that the agent was told; milliseconds since 1970. */
  seenUntil: z.number(),
  /** A mark of the instructions that it was given. */
  instructions: z.string(),
  /** The model that it began with; `null` where the agent offers no choice. */
  ownModel: z.string().nullable(),
  /** Tokens that the agent had counted in the session; `null` where it told none, or an earlier version wrote the entry. */
  totals: z.object({ inputTokens: z.number(), outputTokens: z.number() }).nullable().default(null),
})

export type StoredSession = z.output<typeof storedSession>

/** The sessions that an agent keeps, by the conversation: a file of the daemon's own, 0600, with ids, times and numbers of tokens, and no words. */
export class SessionFile {
  readonly #path: string
  /** The one that was used last is the last one. */
  #sessions: Map<string, StoredSession> | null = null

  constructor(path: string) {
    this.#path = path
  }

  find(key: string): StoredSession | null {
    return this.#load().get(key) ?? null
  }

  /** On disk when this returns, where the disk takes it: without it a conversation begins anew after a restart. */
  set(stored: StoredSession): void {
    const sessions = this.#load()
    if (stored.session.length > MAX_ID_LENGTH) return
    sessions.delete(stored.key)
    sessions.set(stored.key, stored)
    for (const key of sessions.keys()) {
      if (sessions.size <= MAX_SESSIONS) break
      sessions.delete(key)
    }
    this.#write(sessions)
  }

  delete(key: string): void {
    const sessions = this.#load()
    if (sessions.delete(key)) this.#write(sessions)
  }

  #load(): Map<string, StoredSession> {
    this.#sessions ??= new Map(readSessions(this.#path).map((stored) => [stored.key, stored]))
    return this.#sessions
  }

  #write(sessions: ReadonlyMap<string, StoredSession>): void {
    try {
      // The state directory above them is made by others, or not there.
      const directory = dirname(this.#path)
      for (const path of [dirname(directory), directory])
        if (!existsSync(path)) mkdirSync(path, { mode: 0o700 })
      writePrivateFile(this.#path, JSON.stringify([...sessions.values()]))
    } catch {
      // A full disk keeps no conversation from its answer.
    }
  }
}

function readSessions(path: string): StoredSession[] {
  try {
    const text = readPrivateFile(path, { maxBytes: MAX_FILE_BYTES })
    return text === null ? [] : z.array(storedSession).parse(JSON.parse(text)).slice(-MAX_SESSIONS)
  } catch {
    // Damaged, or others could have written it: the conversations begin anew.
    return []
  }
}
