import { expect, test } from 'vitest'
import { limitOf } from '../../../../../src/web/card/business/number-facts.ts'
import { readStop } from '../../../../../src/web/card/business/signup.ts'

test.each([
  [undefined, { step: null, message: null }],
  ['', { step: null, message: null }],
  ['The window was blocked.', { step: null, message: 'The window was blocked.' }],
  [{ current_step: 'PHONE_NUMBER_SETUP' }, { step: 'PHONE_NUMBER_SETUP', message: null }],
  [
    { type: 'WA_EMBEDDED_SIGNUP', event: 'CANCEL', data: { current_step: 'PERMISSIONS' } },
    { step: 'PERMISSIONS', message: null },
  ],
  [
    { error_message: 'The number is in use.', error_code: '524126', session_id: 'x' },
    { step: null, message: 'The number is in use. (524126)' },
  ],
  [{ error_id: '7' }, { step: null, message: '7' }],
  [
    { current_step: 3, error_message: {} },
    { step: null, message: null },
  ],
  [{ data: null }, { step: null, message: null }],
])('%j tells where the person stopped', (reason, expected) => {
  expect(readStop(reason)).toEqual(expected)
})

test.each([
  ['TIER_250', 250],
  ['TIER_2K', 2_000],
  ['TIER_100K', 100_000],
  ['TIER_UNLIMITED', Number.POSITIVE_INFINITY],
  ['TIER_NOT_SET', null],
])('%s is a limit of %s people', (tier, expected) => {
  expect(limitOf(tier)).toBe(expected)
})
