import { methodParams } from '../support/method-params.ts'
import { ALICE, MALLORY } from '../support/stack.ts'

/** Ids of messages of `old-rows.test.ts`. */
export const FAILED = 'FAILED'
export const STRANGE = 'STRANGE'

/** Parameters that each method takes. Nobody is forgotten: there would be nothing odd left. */
export const PARAMS = {
  ...methodParams({
    person: ALICE,
    stranger: MALLORY,
    message: FAILED,
    otherMessage: STRANGE,
    account: 'third',
  }),
  'conversations.forget': { conversation: ALICE },
}
