import { expect, test } from 'vitest'
import { newAccountId } from '../../../../../src/web/card/editing/add-account-form.ts'
import { accountIdSchema } from '../../../../../src/protocol/account/account.ts'

test.each([
  ['Front desk', 'front-desk'],
  ['  Café №1 ', 'cafe-no1'],
  ['日本', 'account'],
  ['--', 'account'],
  ['x'.repeat(200), 'x'.repeat(40)],
])('%j becomes %s', (name, id) => {
  expect(newAccountId(name, [])).toBe(id)
  expect(accountIdSchema.safeParse(id).success).toBe(true)
})

test('an id that is taken gets a number', () => {
  expect(newAccountId('Home', ['home', 'home-2'])).toBe('home-3')
})
