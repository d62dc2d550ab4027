import type { SenderIdentity } from '../../../messaging/identity.ts'
import type { UpdateJournal } from '../webhook/update-journal.ts'
import type { ConversationWindows } from '../window/conversation-windows.ts'
import {
  businessAddress,
  numberFrom,
  numberOfBusinessAddress,
  userIdFrom,
  userIdOf,
} from './business-address.ts'
import type { BusinessPeople } from './business-people.ts'

export interface PeopleDirectoryDependencies {
  people: BusinessPeople
  journal: UpdateJournal
  windows: Pick<ConversationWindows, 'forget' | 'knows'>
  now: () => number
}

/** Who people of a Business number are, for what goes out. Nobody can be asked: what is known came with messages and answers. */
export class PeopleDirectory {
  readonly #deps: PeopleDirectoryDependencies

  constructor(deps: PeopleDirectoryDependencies) {
    this.#deps = deps
  }

  /** Of an address, a number in E.164, or `bsuid:<id>`. */
  identify(address: string): SenderIdentity {
    return this.#deps.people.identify(address)
  }

  /** Who a message to this address went to, by WhatsApp's answer; `number`: in digits. Throws `StorageError`. */
  answered({
    address,
    number,
    businessId,
  }: {
    address: string
    number: string | null
    businessId: string | null
  }): void {
    const { people, now } = this.#deps
    const userId = userIdFrom(businessId) ?? userIdOf(address)
    // A number that was asked for in one form may be answered in another; an id that was asked for has no number of its own.
    const phoneNumber = numberFrom(number) ?? (businessId === null ? null : numberOfBusinessAddress(address))
    if (userId === null && phoneNumber === null) return
    const { displayName } = people.identify(address)
    people.learn({
      userId,
      parentId: null,
      phoneNumber,
      displayName,
      business: people.businessOf(address),
      at: now(),
    })
  }

  /** Inside of the caller's transaction: what these people wrote is erased, and when. Who they are stays known, of those who may write. */
  forget(people: readonly string[]): void {
    const { people: known, journal, windows, now } = this.#deps
    const addresses = this.#addressesOf(people)
    journal.erase(addresses)
    for (const address of addresses) windows.forget(address)
    known.forget(addresses, now())
  }

  /** Whether something is kept of what they wrote, or when. */
  keepsWordsOf(people: readonly string[]): boolean {
    const addresses = this.#addressesOf(people)
    return this.#deps.journal.keepsWordsOf(addresses) || this.#deps.windows.knows(addresses)
  }

  /** Of names of people, among them numbers, every address of the transport that is one of theirs. */
  #addressesOf(people: readonly string[]): string[] {
    const { people: known } = this.#deps
    const named = people.map((name) => (name.startsWith('+') ? (businessAddress(null, name) ?? name) : name))
    return [...new Set([...named, ...named.flatMap((address) => known.aliasesOf(address))])]
  }
}
