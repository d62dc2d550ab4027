import type { PeoplePort } from '../../../src/control/ports.ts'

/** What is known of people, the same of everybody. `called` may throw. */
export function fakePeople(called: (method: string) => void): PeoplePort {
  return {
    contactFields: [{ name: 'name', label: null }],
    setContact: (_conversation, fields, by) => {
      called(`setContact by ${by}`)
      return { conversationId: '7', changed: Object.keys(fields) }
    },
    forget: async (_named, isConfirmed) => {
      called(isConfirmed ? 'forget' : 'preview')
      return { messages: 2, files: 1, groups: 0, copies: [] }
    },
  }
}
