import type { SenderIdentity } from '../../../messaging/identity.ts'
import type { UpdateJournal } from '../webhook/update-journal.ts'
import { numberFrom, numberOfBusinessAddress, userIdFrom, userIdOf } from './business-address.ts'
import type { BusinessPeople } from './business-people.ts'

export interface PeopleDirectoryDependencies {
  people: BusinessPeople
  journal: UpdateJournal
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

  /** Inside of the caller's transaction: what these addresses wrote is erased. Who they are stays known. */
  forget(addresses: readonly string[]): void {
    this.#deps.journal.erase(addresses)
  }

  keepsWordsOf(addresses: readonly string[]): boolean {
    return this.#deps.journal.keepsWordsOf(addresses)
  }
}
