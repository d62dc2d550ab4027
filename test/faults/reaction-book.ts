import type { RecordedMessage } from '../../src/simulator/phones/records.ts'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import type { Person } from './cast.ts'
import { groupOf } from './from-assistant.ts'

interface Reaction {
  person: Person
  /** JID of the group; `null` for a chat between two. */
  group: string | null
  /** Id of the message that showed it, and of the one that took it back. */
  shownBy?: string
  removedBy?: string
}

/**
 * The reactions by which the assistant says "seen": at every phone one at most to a message, of somebody who may talk, where
 * it answers; and gone after the answer, unless WhatsApp refuses to take one back.
 */
export class ReactionBook {
  /** Ids of the messages that may get one. */
  readonly #targets = new Set<string>()
  readonly #deleted = new Set<string>()
  readonly #seen = new Map<string, Reaction>()
  /** Where reactions went, by their id, as far as WhatsApp has not answered. */
  readonly #sent = new Map<string, string>()
  /** The same of those that it refused. */
  readonly #refused = new Map<string, string>()

  /** A text was written; its author may talk, and the assistant answers there. */
  mayGetOne(id: string): void {
    this.#targets.add(id)
  }

  /** A text is about to be deleted, and what stands on it. */
  deleted(id: string): void {
    this.#deleted.add(id)
    for (const key of this.#seen.keys()) if (key.endsWith(` ${id}`)) this.#seen.delete(key)
  }

  mayBeOn(id: string): boolean {
    return this.#targets.has(id)
  }

  isDeleted(id: string): boolean {
    return this.#deleted.has(id)
  }

  /** A phone shows a reaction, or one less; false when another message had done the same before. */
  isFirst(
    person: Person,
    {
      id,
      chat,
      reaction,
    }: Pick<RecordedMessage, 'id' | 'chat'> & { reaction: { id: string; emoji: string } },
  ): boolean {
    const key = `${person.letter} ${reaction.id}`
    const before = this.#seen.get(key) ?? { person, group: groupOf(chat) }
    const which = reaction.emoji === '' ? 'removedBy' : 'shownBy'
    if (before[which] !== undefined && before[which] !== id) return false
    this.#seen.set(key, { ...before, [which]: id })
    return true
  }

  /** What the assistant sends, and what WhatsApp answers: a refusal is final, and a reaction that is not taken back stays. */
  traced({ tag, attrs }: Stanza): void {
    const { id = '', to, error, type } = attrs
    if (tag === 'message' && type === 'reaction' && to !== undefined) this.#sent.set(id, to)
    const sentTo = this.#sent.get(id)
    if (tag !== 'ack' || sentTo === undefined) return
    this.#sent.delete(id)
    if (error === undefined) this.#refused.delete(id)
    else this.#refused.set(id, sentTo)
  }

  /** How many stand where WhatsApp refused none. `usersOf`: the user parts of somebody's addresses. */
  standing(usersOf: (person: Person) => readonly string[]): number {
    const refused = new Set([...this.#refused.values()].map(userOf))
    const isRefused = ({ person, group }: Reaction): boolean =>
      (group === null ? usersOf(person) : [userOf(group)]).some((user) => refused.has(user))
    return [...this.#seen.values()].filter(
      (each) => each.shownBy !== undefined && each.removedBy === undefined && !isRefused(each),
    ).length
  }
}

function userOf(jid: string): string {
  return jid.split(/[@:]/)[0] ?? ''
}
