import { equivalentNumber } from '../../../access/numbers/equivalent-numbers.ts'
import { businessIdOfEntry } from '../../../access/numbers/id-entry.ts'
import type { RegisteredForms } from '../../../access/numbers/with-registered-numbers.ts'
import type { SenderIdentity } from '../../../messaging/identity.ts'
import type { Sink } from '../../../messaging/sink.ts'
import type { LinkDependencies } from '../../link.ts'
import { ChangedPeople } from '../../changed-people.ts'
import { businessAddress, numberOfBusinessAddress, userIdOf } from './business-address.ts'
import { type KnownPerson, PeopleStore } from './people-store.ts'

/** A person as something that was posted names them: each part may be missing, but not the number and the id both. */
export interface SeenPerson {
  userId: string | null
  parentId: string | null
  /** E.164. */
  phoneNumber: string | null
  displayName: string | null
  /** The account of WhatsApp that the id is for; empty where that is not said. */
  business: string
  /** When that was so, milliseconds since 1970. */
  at: number
}

export interface BusinessPeopleDependencies extends Pick<
  LinkDependencies,
  'database' | 'listedNumbers' | 'logger'
> {
  sink: Pick<Sink, 'personChanged' | 'numbersLearned' | 'keepsOwnerWords'>
  /** The account's status may be another one. */
  changed: () => void
}

/**
 * Who is who on a Business number, by what WhatsApp posts: a person is their id for the business, and the number that came with it; a number
 * that comes with another id than before is somebody else's. What people call themselves counts for nothing. Synchronous; throws
 * `StorageError`.
 */
export class BusinessPeople {
  /** Numbers of the config that belong to somebody else by now. */
  readonly changed: ChangedPeople
  readonly #deps: BusinessPeopleDependencies
  readonly #store: PeopleStore
  readonly #forms: { of: RegisteredForms['of']; version: number } = {
    of: (number) => this.#formOf(number),
    version: 0,
  }

  constructor(deps: BusinessPeopleDependencies) {
    this.#deps = deps
    this.#store = new PeopleStore(deps.database, (address) => this.isAllowed(address))
    this.changed = new ChangedPeople({ ...deps, numbers: this.#store })
  }

  /** In which form WhatsApp knows the numbers of the config: a number is as it wrote. */
  get registered(): RegisteredForms {
    return this.#forms
  }

  /**
   * Takes in what WhatsApp says of a person, and answers who that is. Written when it returns. `null` where it names nobody. What is older
   * than what is known gives nobody a number.
   */
  learn(seen: SeenPerson): SenderIdentity | null {
    const { userId, parentId, displayName, business, at } = seen
    const read = this.#read(seen)
    if (read === null) return null
    const { address, known, former, number } = read
    const isNewNumber = number !== null && this.#store.withNumber(number) === null
    this.#deps.database.transaction(() => {
      this.#store.see({ address, phoneNumber: number, parentId, business, seenAt: at })
      if (number === null) return
      if (former !== null) {
        this.#store.loseNumber(former.address)
        if (!isSamePerson(former, seen)) this.#lost(number, former.address)
      }
      if (known?.phoneNumber != null && !isSameNumber(known.phoneNumber, number))
        this.#lost(known.phoneNumber, address)
      // Who has their own number back is who they were; a number alone tells nobody from the next one.
      if (userId !== null && this.#store.formerOf(number) === address) this.#store.allow([number.slice(1)])
    })
    if (isNewNumber) this.#formLearned(number)
    const { phoneNumber: current = null, parentId: parent = null } = this.#store.at(address) ?? {}
    return {
      ...this.#identity({ address, phoneNumber: current, parentId: parent }),
      ...(number !== null && { phoneNumber: { value: number, proof: 'address' } }),
      displayName,
    }
  }

  /** Who `learn` would say that this is, with nothing written. */
  preview(seen: SeenPerson): SenderIdentity | null {
    const read = this.#read(seen)
    if (read === null) return null
    const { address, known, former, number } = read
    const identity = this.#identity({
      address,
      phoneNumber: number ?? known?.phoneNumber ?? null,
      parentId: seen.parentId ?? known?.parentId ?? null,
    })
    const { changed: isChanged = false, ...rest } = identity
    const isTaken = number !== null && former !== null && !isSamePerson(former, seen)
    const isOwnAgain = number !== null && seen.userId !== null && this.#store.formerOf(number) === address
    return {
      ...rest,
      ...(number !== null && { phoneNumber: { value: number, proof: 'address' as const } }),
      ...((isTaken || isChanged) && !isOwnAgain && { changed: true as const }),
      displayName: seen.displayName,
    }
  }

  /** Whether the person at this address may write now: what the owner writes to them is kept for the same reason. */
  isAllowed(address: string): boolean {
    return this.#deps.sink.keepsOwnerWords(this.identify(address))
  }

  /** Inside of the caller's transaction: when they wrote is not known any more; who they are stays known of those who may write. */
  forget(addresses: readonly string[], now: number): void {
    this.#store.forget(addresses, now)
  }

  /** What is known of an address, of a number in E.164, or of an id of a list (`bsuid:<id>`). */
  identify(person: string): SenderIdentity {
    const number = person.startsWith('+') ? person : numberOfBusinessAddress(person)
    const known =
      number === null
        ? (this.#store.at(person) ?? this.#store.withParent(businessIdOfEntry(person)))
        : this.#store.withNumber(number)
    const address = known?.address ?? (number === null ? person : (businessAddress(null, number) ?? person))
    return this.#identity({
      address,
      phoneNumber: number ?? known?.phoneNumber ?? null,
      parentId: known?.parentId ?? null,
    })
  }

  /** The other addresses at which the person at this one is known now. */
  aliasesOf(address: string): string[] {
    const number = numberOfBusinessAddress(address) ?? this.#store.at(address)?.phoneNumber ?? null
    if (number === null) return []
    const all = [...this.#store.addressesWith(number), businessAddress(null, number) ?? address]
    return [...new Set(all)].filter((each) => each !== address)
  }

  /** The account of WhatsApp that an address is for; empty where that is not known. */
  businessOf(address: string): string {
    return this.#store.at(address)?.business ?? ''
  }

  /**
   * Somebody goes by another number now, by WhatsApp's own word: the number that they had is nobody's until it is seen with somebody, who is
   * a new person.
   */
  left(phoneNumber: string): void {
    const holder = this.#store.withNumber(phoneNumber)
    const former = holder?.address ?? businessAddress(null, phoneNumber)
    if (former === null) return
    this.#deps.database.transaction(() => {
      this.#store.loseNumber(former)
      this.#lost(phoneNumber, former)
    })
  }

  /** What is known of whom an update names; `number`: theirs from now on, `former`: who else had it by an id. */
  #read(seen: SeenPerson): {
    address: string
    known: KnownPerson | null
    former: KnownPerson | null
    number: string | null
  } | null {
    const { userId, phoneNumber, at } = seen
    const address = businessAddress(userId, phoneNumber)
    if (address === null) return null
    const known = this.#store.at(address)
    const former = userId === null || phoneNumber === null ? null : this.#store.holderOf(phoneNumber, address)
    const isLate = (former !== null && at < former.seenAt) || isOlderThan(known, seen)
    return { address, known, former, number: isLate ? null : phoneNumber }
  }

  #identity({
    address,
    phoneNumber,
    parentId,
  }: Pick<KnownPerson, 'address' | 'phoneNumber' | 'parentId'>): SenderIdentity {
    const id = userIdOf(address)
    return {
      address,
      displayName: null,
      conflict: false,
      ...(phoneNumber !== null && { phoneNumber: { value: phoneNumber, proof: 'directory' } }),
      ...(id !== null && { businessId: { value: id, proof: 'address' } }),
      ...(parentId !== null && { parentId: { value: parentId, proof: 'directory' } }),
      ...(phoneNumber !== null && this.#store.isChanged(phoneNumber) && { changed: true }),
    }
  }

  /** Inside of a transaction: whoever has the number from now on is not whom it was allowed for. */
  #lost(phoneNumber: string, former: string): void {
    this.#deps.sink.personChanged({ phoneNumber, formerAddress: former })
    this.#store.markChanged(phoneNumber, former)
    this.changed.found(phoneNumber.slice(1))
  }

  #formOf(number: string): ReturnType<RegisteredForms['of']> {
    const forms = [number, equivalentNumber(number) ?? number]
    const registered = forms.find((form) => this.#store.withNumber(form) !== null)
    return registered === undefined ? { isAsked: false } : { isAsked: true, registered }
  }

  /** A number that can be written in two forms wrote for the first time; perhaps the config has the other form. */
  #formLearned(phoneNumber: string): void {
    const other = equivalentNumber(phoneNumber)
    if (other === null) return
    for (const listed of this.#deps.listedNumbers()) {
      if (listed !== other) continue
      this.#forms.version += 1
      this.#deps.sink.numbersLearned()
      return
    }
  }
}

function isOlderThan(known: KnownPerson | null, { phoneNumber, at }: SeenPerson): boolean {
  return (
    known !== null && at < known.seenAt && known.phoneNumber !== null && known.phoneNumber !== phoneNumber
  )
}

function isSameNumber(one: string, other: string): boolean {
  return one === other || equivalentNumber(one) === other
}

/** The ids of another account of WhatsApp say nothing of those of this one, but for that of the company. */
function isSamePerson(former: KnownPerson, { parentId, business }: SeenPerson): boolean {
  if (former.parentId !== null && parentId !== null) return former.parentId === parentId
  return business !== '' && former.business !== '' && former.business !== business
}
