import { inSoundCopy } from '../sound-copy.ts'

/** What a daemon that has ended knows of messages, and the events of them that it has still to post. */
export interface StoredMessages {
  inbox: readonly { messageId: string; author: 'person' | 'owner' }[]
  outbox: readonly { messageId: string; state: string }[]
  waiting: readonly { name: string; messageId: string }[]
}

/** Throws what SQLite throws. */
export function readStoredMessages(paths: { account: string; daemon: string }): StoredMessages {
  const { inbox, outbox } = inSoundCopy(paths.account, (database) => ({
    inbox: database
      .prepare(
        `SELECT message_id AS messageId, author FROM inbox WHERE kind NOT IN ('edit', 'revoke') AND NOT (author = 'owner' AND kind = 'reaction')`,
      )
      .all(),
    outbox: database.prepare(`SELECT message_id AS messageId, state FROM outbox`).all(),
  }))
  const waiting = inSoundCopy(paths.daemon, (database) =>
    database
      .prepare(
        `SELECT name, json_extract(payload, '$.messageId') AS messageId
         FROM webhook_deliveries JOIN events ON events.id = event`,
      )
      .all(),
  )
  // The columns asked for.
  return { inbox, outbox, waiting } as object as StoredMessages
}
