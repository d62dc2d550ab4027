import { expect, it } from 'vitest'
import { isPrintable } from '../../../../../src/protocol/text/printable.ts'
import { effectOfNotice } from '../../../../../src/transports/cloud-api/life/business-notice.ts'

const ACCOUNT = '102'
const TO = { businessAccountId: ACCOUNT, number: '+15550009000' }
const update = (value: object, entryId = ACCOUNT) =>
  effectOfNotice({ field: 'account_update', entryId, value }, TO)

it.each([
  [
    'PARTNER_REMOVED',
    { disconnection_info: { reason: 'PRIMARY_INACTIVITY' } },
    'business_access_removed',
    'PRIMARY_INACTIVITY',
  ],
  ['PARTNER_APP_UNINSTALLED', {}, 'business_access_removed', undefined],
  ['ACCOUNT_DELETED', {}, 'business_access_removed', 'the WhatsApp account was deleted'],
  ['ACCOUNT_OFFBOARDED', {}, 'business_offboarded', undefined],
  ['DISABLED_UPDATE', { ban_info: { waba_ban_state: 'DISABLE' } }, 'business_banned', undefined],
])('%s ends the use of the number', (event, more, reason, detail) => {
  expect(update({ event, ...more })).toEqual({
    kind: 'end',
    failure: { kind: 'end', reason, ...(detail !== undefined && { detail }) },
  })
})

it('of a partner counts by the account in it, because the entry may be the partner’s', () => {
  const value = { event: 'PARTNER_REMOVED', waba_info: { waba_id: ACCOUNT } }
  expect(update(value, 'a partner')?.kind).toBe('end')
  expect(update({ ...value, waba_info: { waba_id: '999' } })).toBeNull()
  expect(update({ event: 'PARTNER_REMOVED' }, '999')).toBeNull()
})

it('ends nothing where the Business account is not known: WhatsApp is asked', () => {
  const notice = { field: 'account_update', entryId: '999', value: { event: 'PARTNER_REMOVED' } }
  expect(effectOfNotice(notice, { ...TO, businessAccountId: null })).toEqual({ kind: 'check' })
})

it('a restriction has its kinds and its end', () => {
  const restriction_info = [
    { restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration: 1_900_000_000 },
    { restriction_type: 'RESTRICTED_ADD_PHONE_NUMBER_ACTION', expiration: 1_800_000_000 },
  ]
  expect(update({ event: 'ACCOUNT_RESTRICTION', restriction_info })).toEqual({
    kind: 'restriction',
    restriction: {
      detail: 'RESTRICTED_BIZ_INITIATED_MESSAGING, RESTRICTED_ADD_PHONE_NUMBER_ACTION',
      until: 1_900_000_000_000,
    },
  })
  expect(update({ event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'REINSTATE' } })).toEqual({
    kind: 'restriction',
    restriction: null,
  })
})

it.each(['ACCOUNT_RECONNECTED', 'PARTNER_ADDED', 'SOMETHING_OF_TOMORROW', undefined])(
  'after %s WhatsApp is asked how things are',
  (event) => expect(update({ event })).toEqual({ kind: 'check' }),
)

it.each([
  'phone_number_quality_update',
  'account_alerts',
  'business_capability_update',
  'account_review_update',
])('after a webhook of %s, too', (field) =>
  expect(effectOfNotice({ field, entryId: ACCOUNT, value: {} }, TO)).toEqual({ kind: 'check' }),
)

it('a PIN that was changed elsewhere is not the one that is known here', () => {
  const notice = { field: 'security', entryId: ACCOUNT, value: { event: 'PIN_CHANGED' } }
  expect(effectOfNotice(notice, TO)).toEqual({ kind: 'pin_changed' })
})

it.each([
  ['a field of tomorrow', { event: 'PARTNER_REMOVED' }],
  ['account_update', 'no object'],
  ['account_update', null],
])('%s with %j means nothing for the account', (field, value) => {
  expect(effectOfNotice({ field, entryId: ACCOUNT, value }, TO)).toBeNull()
})

it('is about this number, where it names one', () => {
  const judged = (field: string, value: object) => effectOfNotice({ field, entryId: ACCOUNT, value }, TO)
  const own = { display_phone_number: '+1 555-000-9000' }
  const other = { display_phone_number: '15550009001' }
  expect(judged('security', { ...own, event: 'PIN_CHANGED' })).toEqual({ kind: 'pin_changed' })
  expect(judged('security', { ...other, event: 'PIN_CHANGED' })).toBeNull()
  expect(judged('phone_number_quality_update', other)).toBeNull()
  const removed = { event: 'PARTNER_REMOVED' }
  expect(judged('account_update', { ...removed, phone_number: '15550009001' })).toBeNull()
  expect(judged('account_update', { ...removed, phone_number: '15550009000' })?.kind).toBe('end')
  expect(judged('account_update', removed)?.kind).toBe('end')
})

it('tells of templates of its own Business account alone', () => {
  const judged = (entryId: string) =>
    effectOfNotice({ field: 'message_template_status_update', entryId, value: { event: 'PAUSED' } }, TO)
  expect(judged(ACCOUNT)).toEqual({ kind: 'template' })
  expect(judged('999')).toBeNull()
})

it('is cut to a line, whatever is in it', () => {
  const effect = update({
    event: 'PARTNER_REMOVED',
    disconnection_info: { reason: 'a\n\u001B[2J'.repeat(1_000) },
  })
  if (effect?.kind !== 'end') throw new Error('it does not end')
  expect(effect.failure.detail?.length).toBeLessThanOrEqual(201)
  expect(isPrintable(effect.failure.detail ?? '')).toBe(true)
})
