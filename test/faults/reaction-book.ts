import type { RecordedMessage } from '../../src/simulator/phones/records.ts'
import type { Person } from './cast.ts'

interface Reaction {
  /** Id of the message that showed it, and of the one that took it back. */
  shownBy?: string
  removedBy?: string
}

/**
 * The reactions by which the assistant says "seen": at every phone one at most to a message, of somebody who may talk, where
 * it answers; and gone after the answer.
 */
export class ReactionBook {
  /** Ids of the messages that may get one. */
  readonly #targets = new Set<string>()
  readonly #deleted = new Set<string>()
  readonly #seen = new Map<string, Reaction>()

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
    { id, reaction }: Pick<RecordedMessage, 'id'> & { reaction: { id: string; emoji: string } },
  ): boolean {
    const key = `${person.letter} ${reaction.id}`
    const before = this.#seen.get(key) ?? {}
    const which = reaction.emoji === '' ? 'removedBy' : 'shownBy'
    if (before[which] !== undefined && before[which] !== id) return false
    this.#seen.set(key, { ...before, [which]: id })
    return true
  }

  /** How many stand somewhere. */
  get standing(): number {
    return [...this.#seen.values()].filter(({ shownBy, removedBy }) => shownBy && !removedBy).length
  }
}
