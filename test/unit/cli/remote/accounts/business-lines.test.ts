import { expect, it } from 'vitest'
import { businessLines } from '../../../../../src/cli/remote/accounts/business-lines.ts'
import { accountView } from '../../../../contract/support/fake-ports.ts'

const BUSINESS = {
  provider: 'meta',
  phoneNumberId: '106540352242922',
  businessAccountId: '102290129340398',
  source: 'environment',
  sourceNote:
    'It is a Business account because WHATSAPP_ACCESS_TOKEN and WHATSAPP_PHONE_NUMBER_ID are set, and no phone is linked. Set transport to say otherwise.',
  webhook: {
    path: '/webhooks/whatsapp/default',
    callbackUrl: null,
    lastAt: null,
    refused: 2,
    lastRefusal: null,
    foreign: 0,
  },
  number: {
    displayNumber: '+1 555-000-9000',
    verifiedName: 'Corner Shop',
    status: 'CONNECTED',
    quality: 'GREEN',
    messagingLimit: 'TIER_250',
    isOnBusinessApp: true,
    accountMode: 'LIVE',
  },
  shareLink: null,
  steps: [
    { step: 'token', state: 'done', code: null, message: null, action: null },
    {
      step: 'register',
      state: 'failed',
      code: 'wrong_pin',
      message: 'A PIN is not known here.',
      action: 'Give it.',
    },
  ],
  tokenExpiresAt: null,
  checkedAt: null,
} as const

it('says what there is to know of a number, in lines that fit a terminal', () => {
  const lines = businessLines(accountView({ business: { ...BUSINESS, steps: [...BUSINESS.steps] } }))
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  const text = lines.join('\n').replaceAll(/\s+/g, ' ')
  expect(text).toContain(
    '"Corner Shop" (id 106540352242922): quality GREEN, limit TIER_250, also runs in the Business app',
  )
  expect(text).toContain('webhooks at /webhooks/whatsapp/default: none yet; 2 refused')
  expect(text).toContain('because WHATSAPP_ACCESS_TOKEN')
  expect(text).toContain('registration: failed. A PIN is not known here. Give it.')
  expect(text).not.toContain('access token: done')
})

it('says how many webhooks have to come again', () => {
  const webhook = { ...BUSINESS.webhook, refused: 0, postponed: 3 }
  const lines = businessLines(accountView({ business: { ...BUSINESS, webhook, steps: [] } }))
  expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toContain('none yet; 3 could not be taken and come again')
})

it('names the account by whose address the webhooks come', () => {
  const webhook = { ...BUSINESS.webhook, lastAt: '2026-11-30T12:00:00.000Z', lastBy: 'shop' }
  const lines = businessLines(accountView({ business: { ...BUSINESS, webhook, steps: [] } }))
  expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toContain('by the address of shop')
})

it('says nothing of a linked phone', () => {
  expect(businessLines(accountView())).toEqual([])
})
