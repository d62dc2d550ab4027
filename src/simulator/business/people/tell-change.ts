import type { BusinessEnvironment } from '../business-environment.ts'
import { newMessageId } from '../new-id.ts'
import type { BusinessPerson } from './business-person.ts'
import { namedBy } from './person-identity.ts'
import { pushMessages, seconds } from './receive-message.ts'

/** Somebody becomes another by `change`: every business that knows them gets a `system` message, in the old name and without contacts. */
export function tellChange(
  env: BusinessEnvironment,
  person: BusinessPerson,
  { type, change }: { type: 'user_changed_number' | 'user_changed_user_id'; change: () => void },
): void {
  const before = [...person.chats.keys()].map((number) => {
    const { portfolio } = number.account
    const names = { number: 'from', userId: 'from_user_id', parentId: 'from_parent_user_id' }
    return {
      number,
      named: namedBy(names, { number, person, circumstances: env }),
      userId: person.userIdFor(portfolio),
      parentId: person.parentIdFor(portfolio),
    }
  })
  change()
  for (const { number, named, userId, parentId } of before) {
    const { portfolio } = number.account
    const parent = person.parentIdFor(portfolio)
    const system = {
      type,
      body: `User ${person.name} changed`,
      ...(type === 'user_changed_number' && 'from' in named ? { wa_id: person.waId } : {}),
      user_id: person.userIdFor(portfolio),
      previous_user_id: userId,
      ...(parent === null ? {} : { parent_user_id: parent }),
      ...(parentId === null ? {} : { previous_parent_user_id: parentId }),
    }
    const message = {
      ...named,
      id: newMessageId(env.random),
      timestamp: seconds(env.now()),
      type: 'system',
      system,
    }
    pushMessages(env, { number, person: null, messages: [message] })
  }
  env.changed()
}
