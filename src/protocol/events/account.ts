import { z } from 'zod'
import {
  accountIdSchema,
  accountPasskeySchema,
  accountSchema,
  LINK_FIELDS,
  codeOfferSchema,
  qrOfferSchema,
} from '../account/account.ts'
import type { EventDefinition } from './event.ts'

export const ACCOUNT_EVENTS = {
  'account.status': {
    payload: accountSchema,
    scope: 'read',
    stored: true,
    restricted: { field: 'passkey', also: LINK_FIELDS, scope: 'link' },
    supersedes: 'status',
    summary: 'An account changed its state, its reason or its facts.',
    since: '1',
  },
  'account.removed': {
    payload: z.object({ account: accountIdSchema }),
    scope: 'read',
    stored: true,
    summary: 'An account was removed from the config. No more events of it follow.',
    since: '1',
  },
  'account.qr': {
    payload: qrOfferSchema,
    scope: 'link',
    stored: false,
    supersedes: 'offer',
    summary: 'A new QR is on offer. Draw it locally; forget it when it expires.',
    since: '1',
  },
  'account.linkCode': {
    payload: codeOfferSchema,
    scope: 'link',
    stored: false,
    supersedes: 'offer',
    summary: 'A pairing code is on offer.',
    since: '1',
  },
  'account.passkey': {
    payload: accountPasskeySchema,
    scope: 'link',
    stored: false,
    supersedes: 'passkey',
    summary:
      'WhatsApp asks for a passkey, or the ceremony has come a step further. It is over when the account is in another state or has no `passkey` any more. `accounts.passkey.get` answers the same.',
    since: '1',
  },
} as const satisfies Record<`account.${string}`, EventDefinition>
