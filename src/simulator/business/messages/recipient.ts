import type { BusinessEnvironment } from '../business-environment.ts'
import { GraphError } from '../graph/graph-error.ts'
import type { BusinessNumber } from '../management/business-number.ts'
import type { BusinessPerson } from '../people/business-person.ts'

const USER_ID = /^[A-Z]{2}\.(ENT\.)?[0-9A-Za-z]{1,128}$/

export interface Recipient {
  /** `null`: nobody has the number or the id on WhatsApp. */
  person: BusinessPerson | null
  /** Addressed by `recipient`. */
  isById: boolean
  /** As it was given. */
  input: string
  /** Somebody who is not on WhatsApp, to whom the message is never delivered. */
  stranger(): BusinessPerson
}

/**
 * Whom a message is for. A number without a plus gets the country code of the business, whatever it begins with; where both `to`
 * and `recipient` are given, `to` counts. Throws `GraphError`.
 */
export function findRecipient(
  env: BusinessEnvironment,
  number: BusinessNumber,
  body: Record<string, unknown>,
): Recipient {
  const { to, recipient } = body
  if (typeof to === 'string' && to !== '') {
    const digits = to.replaceAll(/\D/g, '')
    if (digits.length < 5 || digits.length > 20)
      throw new GraphError(100, { details: `Param to is not a phone number: ${to}` })
    const phoneNumber = `+${to.startsWith('+') ? '' : number.countryCode}${digits}`
    if (phoneNumber === number.phoneNumber) throw new GraphError(131021)
    return {
      person: env.directory.personByNumber(phoneNumber) ?? null,
      isById: false,
      input: to,
      stranger: () => env.directory.stranger(phoneNumber),
    }
  }
  if (typeof recipient === 'string' && recipient !== '') {
    if (!USER_ID.test(recipient))
      throw new GraphError(100, { details: `Param recipient is not a business-scoped user id: ${recipient}` })
    return {
      person: env.directory.personByUserId(number.account.portfolio, recipient) ?? null,
      isById: true,
      input: recipient,
      stranger: () => env.directory.stranger(recipient),
    }
  }
  throw new GraphError(100, { details: 'The parameter to is required.' })
}
