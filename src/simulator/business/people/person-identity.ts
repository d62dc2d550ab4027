import { DAY_MS } from '../business-habits.ts'
import type { BusinessFaults } from '../faults/business-faults.ts'
import type { BusinessNumber } from '../management/business-number.ts'
import type { BusinessPerson } from './business-person.ts'

const KNOWN_FOR_MS = 30 * DAY_MS

interface Circumstances {
  now: () => number
  faults: Pick<BusinessFaults, 'hidesNumbers'>
}

/**
 * Whether webhooks of this number name the person's phone number. That of somebody with a username is left out, unless both
 * wrote to each other under it within 30 days, or it is in the portfolio's contact book. Source: Meta's page of
 * business-scoped user ids.
 */
export function showsNumber(
  number: BusinessNumber,
  person: BusinessPerson,
  { now, faults }: Circumstances,
): boolean {
  if (faults.hidesNumbers) return false
  if (person.username === null) return true
  const { portfolio } = number.account
  const last = number.interactions.get(person)
  const isRecent = last !== undefined && now() - last < KNOWN_FOR_MS
  return isRecent || (portfolio.hasContactBook && portfolio.contactBook.has(person.key))
}

/** They have written to each other under the person's number. */
export function noteInteraction(number: BusinessNumber, person: BusinessPerson, nowMs: number): void {
  number.interactions.set(person, nowMs)
  number.account.portfolio.contactBook.add(person.key)
}

/** One entry of `contacts[]`. */
export function contactOf(
  number: BusinessNumber,
  person: BusinessPerson,
  circumstances: Circumstances & { showsUsername: boolean },
): object {
  const parentId = person.parentIdFor(number.account.portfolio)
  return {
    profile: {
      name: person.name,
      ...(person.username !== null && circumstances.showsUsername ? { username: person.username } : {}),
    },
    ...(showsNumber(number, person, circumstances) ? { wa_id: person.waId } : {}),
    user_id: person.userIdFor(number.account.portfolio),
    ...(parentId === null ? {} : { parent_user_id: parentId }),
  }
}

/** The fields that name a person in a message or a status: `from` and `from_user_id`, `recipient_id` and `recipient_user_id`, … */
export function namedBy(
  names: { number: string; userId: string; parentId: string },
  o: { number: BusinessNumber; person: BusinessPerson; circumstances: Circumstances },
): object {
  const { number, person, circumstances } = o
  const parentId = person.parentIdFor(number.account.portfolio)
  return {
    ...(showsNumber(number, person, circumstances) ? { [names.number]: person.waId } : {}),
    [names.userId]: person.userIdFor(number.account.portfolio),
    ...(parentId === null ? {} : { [names.parentId]: parentId }),
  }
}
