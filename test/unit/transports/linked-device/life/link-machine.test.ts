import { type CloseInfo, readClose } from '../../../../../src/transports/linked-device/life/close-reasons.ts'
import { describe, expect, it } from 'vitest'
import {
  INITIAL_LINK_STATE,
  type LinkInput,
  type LinkState,
  step,
} from '../../../../../src/transports/linked-device/life/link-machine.ts'

const context = { now: 1_000_000, random: 0.5 }
const NO_CLOSE: CloseInfo = readClose(undefined, 0)
const closed = (statusCode: number | null, message = ''): LinkInput => ({
  type: 'closed',
  close: { ...NO_CLOSE, statusCode, message, isConflict: message.includes('conflict') },
})
const state = (change: Partial<LinkState>): LinkState => ({ ...INITIAL_LINK_STATE, ...change })
const linked = (phase: LinkState['phase'], change: Partial<LinkState> = {}): LinkState =>
  state({ phase, linked: true, wasOpen: true, ...change })
const linking = (change: Partial<LinkState> = {}): LinkState =>
  state({ phase: 'linking', request: { method: 'qr', phoneNumber: null }, ...change })

const OPENS = { type: 'openSocket' }

interface Row {
  name: string
  from: LinkState
  input: LinkInput
  to: Partial<LinkState>
  effects?: object[]
}

const ROWS: Row[] = [
  {
    name: 'starts with a link: logs in',
    from: INITIAL_LINK_STATE,
    input: { type: 'start', linked: true, failures: 3, reason: null, isCopy: false },
    to: { phase: 'connecting', linked: true, failures: 3 },
    effects: [OPENS],
  },
  {
    name: 'starts with a link where the start is spread: logs in after a random part of that time',
    from: INITIAL_LINK_STATE,
    input: {
      type: 'start',
      linked: true,
      failures: 0,
      reason: 'network_error',
      isCopy: true,
      jitterMs: 30_000,
    },
    to: { phase: 'waiting', linked: true, reason: 'starting', cautious: true, attemptAt: 1_015_000 },
  },
  {
    name: 'a person waits for no spread start',
    from: linked('waiting', { wasOpen: false, reason: 'starting', attemptAt: 1_015_000 }),
    input: { type: 'reconnect', reason: null },
    to: { phase: 'connecting', attemptAt: null },
    effects: [OPENS],
  },
  {
    name: 'starts without a link where the start is spread: there is nothing to wait for',
    from: INITIAL_LINK_STATE,
    input: { type: 'start', linked: false, failures: 0, reason: null, isCopy: false, jitterMs: 30_000 },
    to: { phase: 'idle', attemptAt: null },
  },
  {
    name: 'starts without a link: waits, and still knows why',
    from: INITIAL_LINK_STATE,
    input: { type: 'start', linked: false, failures: 0, reason: 'device_removed', isCopy: false },
    to: { phase: 'idle', reason: 'device_removed' },
  },
  {
    name: 'links: forgets a half link first',
    from: state({ reason: 'device_removed' }),
    input: { type: 'link', request: { method: 'qr', phoneNumber: null } },
    to: { phase: 'linking', reason: null },
    effects: [{ type: 'forgetHalfLink' }, OPENS],
  },
  {
    name: 'links only once',
    from: linked('open'),
    input: { type: 'link', request: { method: 'qr', phoneNumber: null } },
    to: { phase: 'open' },
  },
  { name: 'offers', from: linking(), input: { type: 'offered' }, to: { phase: 'linking', offered: true } },
  {
    name: 'is paired',
    from: linking({ offered: true }),
    input: { type: 'paired' },
    to: { phase: 'confirming', linked: true, request: null, offered: false },
  },
  {
    name: 'restarts after the scan without counting a failure',
    from: linked('confirming', { wasOpen: false }),
    input: closed(515),
    to: { phase: 'confirming', restarted: true, failures: 0 },
    effects: [OPENS],
  },
  {
    name: 'lets WhatsApp restart the stream, whoever asks for a connection',
    from: linked('confirming', { wasOpen: false }),
    input: { type: 'reconnect', reason: null },
    to: { phase: 'confirming', restarted: false },
  },
  {
    name: 'logs in anew on demand once the stream has been restarted',
    from: linked('confirming', { wasOpen: false, restarted: true }),
    input: { type: 'reconnect', reason: null },
    to: { phase: 'confirming', restarted: true },
    effects: [OPENS],
  },
  {
    name: 'is open',
    from: linked('connecting', { failures: 4, conflicts: 2 }),
    input: { type: 'opened' },
    to: { phase: 'open', reason: null, conflicts: 2, failures: 4 },
  },
  {
    name: 'forgets failures and conflicts only after five good minutes',
    from: linked('open', { failures: 4, conflicts: 2 }),
    input: { type: 'healthy' },
    to: { failures: 0, conflicts: 0 },
  },
  {
    name: 'backs off after a lost connection',
    from: linked('open', { failures: 0 }),
    input: closed(428),
    to: { phase: 'waiting', linked: true, failures: 1, reason: 'connection_lost', attemptAt: 1_001_000 },
  },
  {
    name: 'tries again when it is due',
    from: linked('waiting', { attemptAt: 1 }),
    input: { type: 'attemptDue' },
    to: { phase: 'connecting', attemptAt: null },
    effects: [OPENS],
  },
  {
    name: 'is offered QRs although it is linked: a lost connection, never the end',
    from: linked('open'),
    input: closed(408, 'QR refs attempts ended'),
    to: { phase: 'waiting', linked: true, reason: 'connection_lost', failures: 1 },
  },
  {
    name: 'a QR attempt ends when all expired',
    from: linking({ offered: true }),
    input: closed(408, 'QR refs attempts ended'),
    to: { phase: 'idle', reason: 'link_expired', request: null, offered: false },
  },
  {
    name: 'a network failure while linking does not end the wish',
    from: linking(),
    input: closed(428),
    to: { phase: 'waiting', reason: 'connection_lost', request: { method: 'qr', phoneNumber: null } },
  },
  {
    name: 'a link code that nobody entered gives 401: begun afresh, nothing quarantined',
    from: linking(),
    input: closed(401, 'Connection Failure'),
    to: { phase: 'waiting', linked: false },
    effects: [{ type: 'forgetHalfLink' }],
  },
  {
    name: 'the phone removes the device: quarantine',
    from: linked('open'),
    input: closed(401, 'Stream Errored (conflict)'),
    to: { phase: 'ended', linked: false, reason: 'device_removed' },
    effects: [{ type: 'quarantine', reason: 'device_removed' }],
  },
  {
    name: 'a first conflict waits at least half a minute',
    from: linked('open'),
    input: closed(440),
    to: { phase: 'waiting', conflicts: 1, attemptAt: 1_045_000 },
  },
  {
    name: 'the fourth conflict ends the fight',
    from: linked('open', { conflicts: 3 }),
    input: closed(440),
    to: { phase: 'ended', linked: true, reason: 'connection_replaced', attemptAt: null },
  },
  {
    name: 'a person takes over',
    from: linked('ended', { conflicts: 3, reason: 'connection_replaced' }),
    input: { type: 'reconnect', reason: null },
    to: { phase: 'connecting', conflicts: 0 },
    effects: [OPENS],
  },
  {
    name: 'starts as a copy: logs in once, carefully',
    from: INITIAL_LINK_STATE,
    input: { type: 'start', linked: true, failures: 0, reason: null, isCopy: true },
    to: { phase: 'connecting', cautious: true },
    effects: [OPENS],
  },
  {
    name: 'a copy yields at the first conflict',
    from: linked('open', { cautious: true }),
    input: closed(440),
    to: { phase: 'ended', linked: true, reason: 'copy_detected', attemptAt: null },
  },
  {
    name: 'a copy that yielded does not log in when it starts again',
    from: INITIAL_LINK_STATE,
    input: { type: 'start', linked: true, failures: 0, reason: 'copy_detected', isCopy: true },
    to: { phase: 'ended', linked: true, reason: 'copy_detected' },
  },
  {
    name: 'one that yielded after a sleep does not either, though its instance has the same name',
    from: INITIAL_LINK_STATE,
    input: { type: 'start', linked: true, failures: 0, reason: 'copy_detected', isCopy: false },
    to: { phase: 'ended', linked: true, reason: 'copy_detected' },
  },
  {
    name: 'a person takes over in a copy, which is none from then on',
    from: linked('ended', { cautious: true, reason: 'copy_detected' }),
    input: { type: 'reconnect', reason: null },
    to: { phase: 'connecting', cautious: false },
    effects: [OPENS],
  },
  {
    name: 'whoever wakes up may be a snapshot that runs elsewhere',
    from: linked('open'),
    input: { type: 'reconnect', reason: 'woke_up' },
    to: { phase: 'connecting', cautious: true },
    effects: [OPENS],
  },
  {
    name: 'five good minutes end the caution',
    from: linked('open', { cautious: true }),
    input: { type: 'healthy' },
    to: { phase: 'open', cautious: false },
  },
  {
    name: 'a short connection does not',
    from: linked('open', { cautious: true }),
    input: closed(428),
    to: { phase: 'waiting', cautious: true },
  },
  {
    name: "a fresh link is nobody else's",
    from: linking({ cautious: true }),
    input: { type: 'paired' },
    to: { phase: 'confirming', cautious: false },
  },
  {
    name: 'an outdated client tries once more, then asks for the current version',
    from: linked('connecting', { outdatedRetries: 1 }),
    input: closed(405),
    to: { phase: 'waiting', reason: 'client_outdated', looksUpVersion: true, attemptAt: null },
    effects: [{ type: 'lookUpVersion' }],
  },
  {
    name: 'and tries that one',
    from: linked('waiting', { outdatedRetries: 1, looksUpVersion: true, reason: 'client_outdated' }),
    input: { type: 'versionLookedUp', found: true },
    to: { phase: 'connecting', looksUpVersion: false, triesVersion: true },
    effects: [{ type: 'openSocket' }],
  },
  {
    name: 'also while it is being linked',
    from: linking({ phase: 'waiting', outdatedRetries: 1, looksUpVersion: true, reason: 'client_outdated' }),
    input: { type: 'versionLookedUp', found: true },
    to: { phase: 'linking', triesVersion: true },
    effects: [{ type: 'forgetHalfLink' }, { type: 'openSocket' }],
  },
  {
    name: 'it rests for hours where there is none',
    from: linked('waiting', { outdatedRetries: 1, looksUpVersion: true, reason: 'client_outdated' }),
    input: { type: 'versionLookedUp', found: false },
    to: { phase: 'ended', reason: 'client_outdated', attemptAt: 1_000_000 + 6 * 3_600_000 },
  },
  {
    name: 'or where that one is refused too',
    from: linked('connecting', { outdatedRetries: 1, triesVersion: true }),
    input: closed(405),
    to: { phase: 'ended', reason: 'client_outdated', attemptAt: 1_000_000 + 6 * 3_600_000 },
  },
  {
    name: 'an answer about the version that comes too late changes nothing',
    from: linked('open'),
    input: { type: 'versionLookedUp', found: true },
    to: { phase: 'open' },
  },
  {
    name: 'a temporary ban waits for its end',
    from: linked('connecting'),
    input: { type: 'closed', close: { ...NO_CLOSE, statusCode: 402, until: 9_000_000 } },
    to: { phase: 'ended', reason: 'temporarily_banned', attemptAt: 9_000_000, until: 9_000_000 },
  },
  {
    name: 'a ban ends everything',
    from: linked('connecting'),
    input: closed(406),
    to: { phase: 'ended', linked: true, reason: 'account_banned', attemptAt: null },
  },
  {
    name: 'a false certificate is rechecked, and the wish to link is dropped',
    from: linking(),
    input: closed(400, 'noise intermediate certificate signature invalid'),
    to: { phase: 'ended', request: null, reason: 'certificate_invalid', attemptAt: 1_300_000 },
  },
  {
    name: 'a passkey demand keeps the attempt',
    from: linking({ offered: true }),
    input: { type: 'passkey', step: 'challenge' },
    to: { phase: 'linking', passkey: 'challenge' },
  },
  {
    name: 'a link that stands knows no passkey ceremony',
    from: linked('open'),
    input: { type: 'passkey', step: 'challenge' },
    to: { phase: 'open', passkey: null },
  },
  {
    name: 'the end of the ceremony is the link',
    from: linking({ offered: true, passkey: 'confirming' }),
    input: { type: 'paired' },
    to: { phase: 'confirming', linked: true, passkey: null },
  },
  ...[closed(428), closed(408), closed(515), closed(500), closed(401)].map((input) => ({
    name: `a lost connection ends the ceremony, and begins no other: ${JSON.stringify(input)}`,
    from: linking({ offered: true, passkey: 'sent' }),
    input,
    to: {
      phase: 'ended' as const,
      request: null,
      reason: 'passkey_interrupted' as const,
      attemptAt: null,
      passkey: null,
    },
    effects: [{ type: 'forgetHalfLink' as const }],
  })),
  {
    name: 'a ban in the middle of a ceremony is a ban',
    from: linking({ offered: true, passkey: 'sent' }),
    input: closed(406),
    to: { phase: 'ended', reason: 'account_banned', passkey: null },
  },
  {
    name: 'a refused passkey ends the attempt',
    from: linking({ offered: true, passkey: 'sent' }),
    input: { type: 'linkRefused', reason: 'passkey_refused' },
    to: { phase: 'ended', request: null, reason: 'passkey_refused', passkey: null },
    effects: [{ type: 'closeSocket' }, { type: 'forgetHalfLink' }],
  },
  {
    name: 'cancels',
    from: linking({ offered: true }),
    input: { type: 'cancelLink' },
    to: { phase: 'idle', reason: 'link_cancelled', request: null },
    effects: [{ type: 'closeSocket' }, { type: 'forgetHalfLink' }],
  },
  {
    name: 'cancelling does nothing to a link that stands',
    from: linked('open'),
    input: { type: 'cancelLink' },
    to: { phase: 'open' },
  },
  {
    name: 'an end that comes after the stop changes nothing',
    from: state({ phase: 'idle', linked: true }),
    input: closed(428),
    to: { phase: 'idle', attemptAt: null },
  },
  {
    name: 'stops',
    from: linked('open'),
    input: { type: 'stop' },
    to: { phase: 'idle', linked: true },
    effects: [{ type: 'closeSocket' }],
  },
]

describe('the link machine', () => {
  it.each(ROWS)('$name', ({ from, input, to, effects }) => {
    const result = step(from, input, context)
    expect(result.state).toMatchObject(to)
    expect(result.effects).toEqual(effects ?? [])
  })
})
