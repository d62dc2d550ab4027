import type { Snapshot } from '../../src/protocol/methods/session.ts'
import { account, configView, connectedAccount, qrOffer } from './account-fixture.ts'

const LONG_NAME = 'A name that somebody gave without a thought of how wide the card is '.repeat(3)
const PROBLEM = {
  code: 'too_short',
  path: 'channels.whatsapp.allowFrom[1]',
  line: 12,
  column: 5,
  message: 'Too short.',
}
const BLOCKED = { account: 'default', reason: 'not_allowed', at: '2026-03-03T12:00:00.000Z' } as const

/** What a daemon may show at first, by name: one of each layout of the card. */
export const SCRIPTED_VIEWS: Readonly<Record<string, Partial<Snapshot>>> = {
  'not linked': {},
  'nobody allowed': {
    accounts: [account('unlinked', 'nobody_allowed')],
    config: configView({ allowFrom: [] }),
  },
  'waiting for the scan': {
    accounts: [account('awaiting_scan', 'scan_to_link')],
    offers: [qrOffer(1, 3_600)],
  },
  'connected, and somebody wrote': {
    accounts: [connectedAccount()],
    blocked: [{ ...BLOCKED, phoneNumber: '+15555550166', name: LONG_NAME }],
  },
  'several accounts': {
    accounts: [
      connectedAccount(),
      { ...account('logged_out', 'device_removed'), account: 'shop', name: 'Shop' },
    ],
  },
  'a config with a problem': { config: configView({}, { valid: false, problems: [PROBLEM] }) },
}
