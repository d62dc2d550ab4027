import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { ALICE, OWNER } from '../../support/stack.ts'
import { button } from './stage.ts'
import type { CardScene } from './scenes.ts'

const FAST = { reconnect: { firstDelayMs: 10, capMs: 50 } }
const SLOW = { reconnect: { firstDelayMs: 60_000, capMs: 60_000 } }

/** A linked account whose next login fails so. */
function refused(name: string, words: string, reason: number, more: object = {}): CardScene {
  return {
    name,
    words,
    options: { timings: FAST },
    async before(stack) {
      await stack.link()
      stack.simulator.faults.failLogin({ reason, ...more })
      const gone = stack.until(
        name,
        () => !['connected', 'reconnecting', 'connecting'].includes(stack.account().state),
      )
      stack.simulator.faults.reset()
      await gone
    },
  }
}

/** Every state of an account that a person can meet, made by the real daemon. */
export const ACCOUNT_SCENES: readonly CardScene[] = [
  { name: 'nobody-allowed', words: 'Add at least one allowed number first', options: { allowFrom: [] } },
  { name: 'not-linked', words: 'WhatsApp is configured but not connected.' },
  {
    name: 'awaiting-scan',
    words: 'Point the phone at this code',
    async after(page) {
      await button(page, 'Generate QR code').click()
      await page.getByText(/Expires in/).waitFor()
    },
  },
  {
    name: 'qr-codes-over',
    words: 'All QR codes of this attempt expired without a scan.',
    options: { timings: { qrTimeoutMs: 150 }, simulator: { qrRefs: 2 } },
    async before(stack) {
      await stack.qr()
      await stack.untilState('unlinked')
    },
  },
  {
    name: 'pairing-code',
    words: 'enter this code',
    async after(page) {
      await button(page, 'Link with phone number instead').click()
      await page.getByRole('textbox').fill(OWNER)
      await button(page, 'Get code').click()
      await page.getByText('For the phone').waitFor()
    },
  },
  {
    name: 'confirming',
    words: 'The phone accepted; WhatsApp is confirming the link.',
    async before(stack) {
      stack.simulator.faults.sendsRestart = false
      const { qr } = await stack.qr()
      void stack.owner.scan(qr).catch(() => {})
      await stack.untilState('confirming')
    },
  },
  {
    name: 'connecting',
    words: 'Connecting to WhatsApp.',
    async before(stack) {
      await stack.link()
      await stack.stopDaemon()
      stack.simulator.faults.latencyMs = 600_000
      await stack.startDaemon()
      await stack.untilState('connecting')
    },
  },
  {
    name: 'reconnecting',
    words: 'Next attempt in',
    options: { timings: SLOW },
    async before(stack) {
      await stack.link()
      stack.simulator.faults.refuseUpgrade(503)
      stack.simulator.faults.reset()
      await stack.until('a planned attempt', () => stack.account().nextAttemptAt !== null)
    },
  },
  { name: 'connected', words: 'WhatsApp is connected.', before: (stack) => stack.link() },
  {
    name: 'paused',
    words: 'This account is paused',
    async before(stack) {
      await stack.link()
      stack.writeConfig([ALICE], { enabled: false })
      await stack.untilState('disabled')
    },
  },
  {
    name: 'logged-out',
    words: 'The phone removed this device',
    async before(stack) {
      await stack.link()
      await stack.owner.removeCompanion()
      await stack.untilState('logged_out')
    },
  },
  {
    name: 'conflict',
    words: 'Another process is using the same WhatsApp link.',
    options: { timings: FAST },
    async before(stack) {
      await stack.link()
      while (stack.account().state !== 'conflict') {
        await stack.untilState('connected')
        const gone = stack.until('the loss', () => stack.account().state !== 'connected')
        stack.simulator.faults.streamError({ child: { tag: 'conflict', type: 'replaced' } })
        await gone
        await stack.until('a verdict', () => ['connected', 'conflict'].includes(stack.account().state))
      }
    },
  },
  {
    name: 'passkey-required',
    words: 'The phone demands a passkey to link a device',
    async before(stack) {
      stack.simulator.faults.demandPasskey()
      const { qr } = await stack.qr()
      void stack.owner.scan(qr).catch(() => {})
      await stack.untilState('passkey_required')
    },
  },
  refused('banned', 'WhatsApp banned this account.', 406),
  refused('restricted', 'WhatsApp blocked this account for a while.', 402, {
    expireSeconds: 7_200,
    code: 101,
  }),
  refused('outdated', 'WhatsApp refuses this client version.', 405),
  refused('misconfigured', 'WhatsApp does not accept how this client describes itself.', 411),
  {
    name: 'untrusted-server',
    words: 'The server that answered cannot prove that it is WhatsApp.',
    options: { timings: FAST },
    async before(stack) {
      await stack.link()
      stack.simulator.faults.certificate = 'wrong-root'
      stack.simulator.faults.reset()
      await stack.untilState('untrusted_server')
    },
  },
  {
    name: 'storage-error',
    words: 'The account directory can be read by others',
    async before(stack) {
      await stack.link()
      await stack.stopDaemon()
      chmodSync(join(stack.stateDir, 'accounts', 'default'), 0o755)
      await stack.startDaemon()
    },
  },
]
