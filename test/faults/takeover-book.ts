import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import type { Person } from './cast.ts'

/**
 * Who answers whom, as the wire shows it: the assistant acknowledges words of the owner once they are stored, and what it sends leaves in
 * order. An answer that leaves for this person after that acknowledgement was sent although the owner answers.
 */
export class TakeoverBook {
  /** By person: the owner's words to them, while the chat is not handed back. */
  readonly #words = new Map<Person, Set<string>>()
  readonly #taken = new Set<Person>()
  /** By id: messages of the owner's from a dashboard that have not left yet. */
  readonly #owners = new Map<string, Person>()
  /** Ids that left before. */
  readonly #left = new Set<string>()
  /** By id: messages by which the owner hands a chat back, and which the assistant has not acknowledged. */
  readonly #handBacks = new Map<string, Person>()
  readonly #acknowledged = new Set<string>()

  ownerWrote(person: Person, id: string): void {
    this.#words.set(person, (this.#words.get(person) ?? new Set()).add(id))
  }

  /** From a dashboard, in the message with this id: what leaves behind it was sent although the owner answers. */
  ownerSent(person: Person, id: string): void {
    this.#words.set(person, this.#words.get(person) ?? new Set())
    if (this.#left.has(id)) this.#taken.add(person)
    else this.#owners.set(id, person)
  }

  /** Whom the owner answers now. */
  get held(): Person[] {
    return [...this.#words.keys()]
  }

  /** The owner is about to hand the chat back: what was written since then must be answered. */
  handingBack(person: Person): void {
    this.#words.delete(person)
    this.#taken.delete(person)
  }

  /**
   * The owner has handed it back by the message with this id. Once the assistant has acknowledged it, whatever the owner sent before is no
   * reason to be silent any more, also what leaves later.
   */
  handedBack(person: Person, id: string): void {
    if (this.#acknowledged.has(id)) this.#free(person)
    else this.#handBacks.set(id, person)
  }

  #free(person: Person): void {
    this.handingBack(person)
    for (const [id, of] of this.#owners) if (of === person) this.#owners.delete(id)
  }

  isHeld(person: Person): boolean {
    return this.#words.has(person)
  }

  /** A stanza of the assistant; answers whom it talks over. `addressOf`: the user parts of a person's two addresses. */
  sent({ tag, attrs }: Stanza, addressesOf: (person: Person) => readonly string[]): Person | null {
    const { id = '', to = '', type } = attrs
    if (tag === 'receipt') {
      this.#acknowledged.add(id)
      for (const [person, ids] of this.#words) if (ids.has(id)) this.#taken.add(person)
      const freed = this.#handBacks.get(id)
      if (freed !== undefined) this.#free(freed)
      this.#handBacks.delete(id)
      return null
    }
    // A reaction says nothing; when a chat is taken over, those of the assistant are taken back.
    if (tag !== 'message' || type === 'reaction' || this.#left.has(id)) return null
    this.#left.add(id)
    const owners = this.#owners.get(id)
    if (owners !== undefined && this.#words.has(owners)) this.#taken.add(owners)
    if (owners !== undefined) return null
    const user = to.split(/[@:]/)[0] ?? ''
    return [...this.#taken].find((person) => addressesOf(person).includes(user)) ?? null
  }
}
