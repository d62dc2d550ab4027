import { expect, test } from 'vitest'
import { linkRefusal } from '../../../../../src/web/card/parts/account-actions.ts'
import { account } from '../../../../browser/account-fixture.ts'

const LIMIT = { code: 'max_sessions_reached', message: 'The limit of accounts is reached.', action: null }

test('a link is refused where the daemon says so, whatever the reason of the state', () => {
  expect(linkRefusal(account('unlinked', 'not_linked', { linkRefusal: LIMIT }))).toEqual(LIMIT)
  expect(linkRefusal(account('logged_out', 'device_removed', { linkRefusal: LIMIT }))).toEqual(LIMIT)
  expect(linkRefusal(account('unlinked', 'nobody_allowed', { linkRefusal: null }))).toBeNull()
})

test('an older daemon says in the reason that nobody is allowed', () => {
  expect(linkRefusal(account('unlinked', 'nobody_allowed'))?.code).toBe('nobody_allowed')
  expect(linkRefusal(account('unlinked', 'not_linked'))).toBeNull()
})
