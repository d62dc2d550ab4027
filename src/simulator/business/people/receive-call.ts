import type { BusinessEnvironment } from '../business-environment.ts'
import { DAY_MS } from '../business-habits.ts'
import type { BusinessNumber } from '../management/business-number.ts'
import { newLetters } from '../new-id.ts'
import type { BusinessPerson } from './business-person.ts'
import { contactOf, namedBy } from './person-identity.ts'
import { metadataOf, seconds } from './receive-message.ts'

/** Somebody calls the number, which opens the window. Nobody takes the call. */
export function receiveCall(env: BusinessEnvironment, number: BusinessNumber, person: BusinessPerson): void {
  const now = env.now()
  number.windows.set(person, now + DAY_MS)
  const names = { number: 'from', userId: 'from_user_id', parentId: 'from_parent_user_id' }
  env.webhooks.push({
    account: number.account,
    number,
    field: 'calls',
    value: {
      ...metadataOf(number),
      contacts: [contactOf(number, person, { ...env, showsUsername: true })],
      calls: [
        {
          id: `wacid.${newLetters(env.random, 24)}`,
          to: number.digits,
          ...namedBy(names, { number, person, circumstances: env }),
          event: 'connect',
          timestamp: seconds(now),
          direction: 'USER_INITIATED',
        },
      ],
    },
  })
}
