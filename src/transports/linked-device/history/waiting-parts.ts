import { proto } from '@whiskeysockets/baileys'
import { z } from 'zod'
import type { Database } from '../../../storage/database/database.ts'

type Part = proto.Message.IHistorySyncNotification

export interface WaitingPart {
  /** In the order in which they came. */
  sequence: number
  part: Part
}

/** A phone sends some dozen; of more the newest are left out. */
const MOST_WAITING = 50
/** A part that cannot be had, or with which the process ends, is left out after so many. */
const MOST_TRIES = 20
/** `facts` has no other names like these. */
const PREFIX = 'history '
const DIGITS = 10
const SELECT = `SELECT name, value FROM facts WHERE name GLOB '${PREFIX}*' ORDER BY name`

const rowSchema = z.object({ owner: z.string(), tries: z.number(), part: z.string() })

/**
 * Parts of the history that were acknowledged to WhatsApp, which does not hand them over again, until they are read: in the account's file,
 * gone with the message that brought them having been read or left out. Throws `StorageError`.
 */
export class WaitingParts {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** `owner`: the device that it is for. Answers its sequence; `null` where too many wait. */
  add(owner: string, part: Part): number | null {
    const names = this.#rows().map(({ name }) => name)
    if (names.length >= MOST_WAITING) return null
    const sequence = Number(names.at(-1)?.slice(PREFIX.length) ?? 0) + 1
    const encoded = proto.Message.HistorySyncNotification.encode(
      proto.Message.HistorySyncNotification.fromObject(part),
    ).finish()
    this.#write(sequence, { owner, tries: 0, part: Buffer.from(encoded).toString('base64') })
    return sequence
  }

  /** Those of this device that may be tried once more. All others are deleted. */
  of(owner: string): WaitingPart[] {
    return this.#rows().flatMap(({ name, value }) => {
      const sequence = Number(name.slice(PREFIX.length))
      const row = rowSchema.safeParse(JSON.parse(value)).data
      if (row === undefined || row.owner !== owner || row.tries >= MOST_TRIES) {
        this.remove(sequence)
        return []
      }
      return [
        { sequence, part: proto.Message.HistorySyncNotification.decode(Buffer.from(row.part, 'base64')) },
      ]
    })
  }

  /** It is read now: written before, so that one with which the process ends is not read for ever. */
  begun(sequence: number): void {
    const value = this.#database.prepare('SELECT value FROM facts WHERE name = ?').get(nameOf(sequence))
    // The column asked for, as it was written here.
    const row = rowSchema.safeParse(value && JSON.parse((value as { value: string }).value)).data
    if (row !== undefined) this.#write(sequence, { ...row, tries: row.tries + 1 })
  }

  remove(sequence: number): void {
    this.#database.transaction(() =>
      this.#database.prepare('DELETE FROM facts WHERE name = ?').run(nameOf(sequence)),
    )
  }

  /** Another link has another history. */
  clear(): void {
    this.#database.transaction(() =>
      this.#database.prepare(`DELETE FROM facts WHERE name GLOB '${PREFIX}*'`).run(),
    )
  }

  #rows(): { name: string; value: string }[] {
    // The columns asked for.
    return this.#database.prepare(SELECT).all() as { name: string; value: string }[]
  }

  #write(sequence: number, row: z.infer<typeof rowSchema>): void {
    this.#database.transaction(() =>
      this.#database
        .prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)')
        .run(nameOf(sequence), JSON.stringify(row)),
    )
  }
}

function nameOf(sequence: number): string {
  return `${PREFIX}${String(sequence).padStart(DIGITS, '0')}`
}
