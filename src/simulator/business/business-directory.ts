import { GraphError } from './graph/graph-error.ts'
import type { BusinessAccount } from './management/business-account.ts'
import type { BusinessNumber } from './management/business-number.ts'
import type { AccessToken, MetaApp } from './management/meta-app.ts'
import type { Portfolio } from './management/portfolio.ts'
import type { BusinessPerson } from './people/business-person.ts'
import { waIdOf } from './people/wa-id.ts'

/** Everything that has an id. */
export class BusinessDirectory {
  readonly apps = new Map<string, MetaApp>()
  readonly accounts = new Map<string, BusinessAccount>()
  /** By `phoneNumberId`. */
  readonly numbers = new Map<string, BusinessNumber>()
  readonly tokens = new Map<string, AccessToken>()
  /** Of the embedded signup, each with the token that it is exchanged for. */
  readonly codes = new Map<string, { app: MetaApp; token: AccessToken; expiresAt: number }>()
  readonly people: BusinessPerson[] = []
  /** Makes somebody who is not on WhatsApp: what is sent to them is never delivered. */
  readonly stranger: (address: string) => BusinessPerson

  constructor(stranger: (address: string) => BusinessPerson) {
    this.stranger = stranger
  }

  /** In any form in which the number may be dialled. */
  personByNumber(phoneNumber: string): BusinessPerson | undefined {
    const waId = waIdOf(phoneNumber.slice(1))
    return this.people.find((person) => person.waId === waId)
  }

  /** Ids of other portfolios, and former ids, are nobody's. Parent ids count as well. */
  personByUserId(portfolio: Portfolio, userId: string): BusinessPerson | undefined {
    return this.people.find(
      (person) => person.userIdFor(portfolio) === userId || person.parentIdFor(portfolio) === userId,
    )
  }

  /** The token with this value. Throws `GraphError` (190) where it is not valid, as Meta words it. */
  token(value: string, nowMs: number): AccessToken {
    const token = this.tokens.get(value)
    if (token === undefined)
      throw new GraphError(190, { message: 'Invalid OAuth access token - Cannot parse access token' })
    if (token.isRevoked)
      throw new GraphError(190, {
        subcode: 460,
        message:
          'Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.',
      })
    if (token.expiresAt !== null && nowMs >= token.expiresAt)
      throw new GraphError(190, {
        subcode: 463,
        message: `Error validating access token: Session has expired on ${new Date(token.expiresAt).toUTCString()}. The current time is ${new Date(nowMs).toUTCString()}.`,
      })
    return token
  }
}
