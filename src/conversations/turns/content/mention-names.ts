import { entriesNaming } from '../../../access/entries-naming.ts'
import { readIdEntry } from '../../../access/numbers/id-entry.ts'
import type { TurnMention } from '../../../agents/agent.ts'
import { plainName } from '../../../agents/turn-text/plain-name.ts'
import type { Transport } from '../../../messaging/transport.ts'
import type { AccountConfig } from '../../../config/model.ts'
import type { Database } from '../../../storage/database/database.ts'
import { boundedName } from '../../../text/bounded-text.ts'

/** How phones write a mention: the digits of a number or of an opaque address. */
const MENTION = /@(\d{5,20})(?!\d)/g
/** Different people in the texts of one turn; more stay digits. */
const MAX_PEOPLE = 200

export interface MentionNamesDependencies {
  database: Database
  transport: Pick<Transport, 'identify' | 'identifyMention' | 'ownNumber'>
  config: () => Pick<AccountConfig, 'senders'>
}

/** The names of those whom texts of a group mention, for one turn: phones write digits and show names. */
export class MentionNames {
  readonly #deps: MentionNamesDependencies
  readonly #conversation: number
  /** By digits; `mention` is `null` where they name nobody who is known. */
  readonly #people = new Map<string, { shown: string; mention: TurnMention | null }>()

  constructor(deps: MentionNamesDependencies, conversation: number) {
    this.#deps = deps
    this.#conversation = conversation
  }

  /** `text` with `@name` for each mention of somebody who is known, `@+number` where only the number is. Other digits stay. */
  named(text: string): string {
    return text.replaceAll(MENTION, (written, digits: string) => this.#person(digits)?.shown ?? written)
  }

  /** Whom a text mentions and who is known, each once, in the order of the text. */
  mentioned(text: string): TurnMention[] {
    const people = [...text.matchAll(MENTION)].map(([, digits = '']) => this.#person(digits)?.mention ?? null)
    return [...new Set(people)].filter((mention) => mention !== null)
  }

  #person(digits: string): { shown: string; mention: TurnMention | null } | null {
    const known = this.#people.get(digits)
    if (known !== undefined) return known
    if (this.#people.size >= MAX_PEOPLE) return null
    const person = this.#deps.transport.identifyMention(digits)
    const name = person === null ? null : this.#nameOf(person)
    const phoneNumber = person?.phoneNumber ?? null
    const number = phoneNumber === `+${digits}` ? null : phoneNumber
    const isNamed = name !== null || phoneNumber !== null
    const isAssistant = phoneNumber !== null && phoneNumber === this.#deps.transport.ownNumber
    const found = {
      shown: `@${(name === null ? null : plainName(name)) ?? number ?? digits}`,
      mention: isNamed ? { name, phoneNumber, isAssistant } : null,
    }
    this.#people.set(digits, found)
    return found
  }

  #nameOf({
    phoneNumber,
    addresses,
    displayName,
  }: NonNullable<ReturnType<Transport['identifyMention']>>): string | null {
    const people = [phoneNumber, ...addresses].filter((each) => each !== null)
    const { senders } = this.#deps.config()
    const known = phoneNumber === null ? [] : entriesNaming(this.#deps.transport.identify(phoneNumber))
    const entries = [...known, ...people.map((each) => readIdEntry(each) ?? each)]
    const configured = entries.map((each) => senders[each]?.name).find((name) => name != null)
    const name = configured ?? displayName ?? this.#nameInGroup(people)
    return name === null ? null : boundedName(name)
  }

  /** What the person was called when they last wrote there. */
  #nameInGroup(people: readonly string[]): string | null {
    const row = this.#deps.database
      .prepare(
        `SELECT sender_name FROM inbox
         WHERE conversation = ? AND sender IN (SELECT value FROM json_each(?)) AND sender_name IS NOT NULL
         ORDER BY sequence DESC LIMIT 1`,
      )
      .get(this.#conversation, JSON.stringify(people))
    // The column asked for.
    return (row as { sender_name: string } | undefined)?.sender_name ?? null
  }
}
