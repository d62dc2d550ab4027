import { chmodSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AccountRegistry } from '../../../src/accounts/life/account-registry.ts'
import type { AccountState } from '../../../src/protocol/account/account-states.ts'
import { ExclusiveLock } from '../../../src/storage/files/exclusive-lock.ts'
import { ALICE, OWNER } from '../../support/stack.ts'
import { button } from './stage.ts'
import type { CardScene } from './scenes.ts'

const CONNECTED = 'WhatsApp is connected.'
const QR = 'Point the phone at this code'
const FAST = { reconnect: { firstDelayMs: 10, capMs: 50 } }
const SLOW = { reconnect: { firstDelayMs: 60_000, capMs: 60_000 } }

/** A linked account whose logins fail so. */
function refused(
  state: AccountState,
  words: string,
  button: string,
  reason: number,
  more: object = {},
): CardScene {
  return {
    name: state,
    words,
    state,
    options: { timings: FAST },
    way: { mend: ({ simulator }) => simulator.faults.clear(), name: button, words: CONNECTED },
    async before(stack) {
      await stack.link()
      stack.simulator.faults.failLogin({ reason, ...more })
      const gone = stack.until(
        state,
        () => !['connected', 'reconnecting', 'connecting'].includes(stack.account().state),
      )
      stack.simulator.faults.reset()
      await gone
    },
  }
}

function accountDirectory(stateDir: string): string {
  return join(stateDir, 'accounts', 'default')
}

/** Whoever holds the account instead of the daemon. */
let otherOwner: ExclusiveLock | null = null

/** Every state of an account that a person can meet, made by the real daemon. */
export const ACCOUNT_SCENES: readonly CardScene[] = [
  {
    name: 'nobody-allowed',
    words: 'so linking is refused',
    state: 'unlinked',
    options: { allowFrom: [] },
  },
  {
    name: 'not-linked',
    words: 'WhatsApp is configured but not connected.',
    state: 'unlinked',
    way: { name: 'Generate QR code', words: QR },
  },
  {
    name: 'awaiting-scan',
    words: QR,
    state: 'awaiting_scan',
    way: { name: 'Cancel', words: 'Linking was cancelled.' },
    async after(page) {
      await button(page, 'Generate QR code').click()
      await page.getByText(/Expires in/).waitFor()
    },
  },
  {
    name: 'qr-codes-over',
    words: 'All QR codes of this attempt expired without a scan.',
    state: 'unlinked',
    way: { name: 'Refresh QR code', words: QR },
    options: { timings: { qrTimeoutMs: 150 }, simulator: { qrRefs: 2 } },
    async before(stack) {
      await stack.qr()
      await stack.untilState('unlinked')
    },
  },
  {
    name: 'pairing-code',
    words: 'enter this code',
    state: 'awaiting_scan',
    way: { name: 'Use a QR code instead', words: QR },
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
    state: 'confirming',
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
    state: 'connecting',
    way: {
      mend: ({ simulator }) => (simulator.faults.latencyMs = 0),
      name: 'Reconnect now',
      words: CONNECTED,
    },
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
    state: 'reconnecting',
    way: { mend: ({ simulator }) => simulator.faults.clear(), name: 'Reconnect now', words: CONNECTED },
    options: { timings: SLOW },
    async before(stack) {
      await stack.link()
      stack.simulator.faults.refuseUpgrade(503)
      stack.simulator.faults.reset()
      await stack.until('a planned attempt', () => stack.account().nextAttemptAt !== null)
    },
  },
  {
    name: 'connected',
    words: CONNECTED,
    state: 'connected',
    before: (stack) => stack.link(),
    way: { name: 'Disconnect', words: 'A new scan is needed to connect again' },
  },
  {
    name: 'paused',
    words: 'This account is paused',
    state: 'disabled',
    way: { role: 'switch', name: 'Answer messages', words: CONNECTED },
    async before(stack) {
      await stack.link()
      stack.writeConfig([ALICE], { enabled: false })
      await stack.untilState('disabled')
    },
  },
  {
    name: 'logged-out',
    words: 'The phone removed this device',
    state: 'logged_out',
    way: { name: 'Link again', words: QR },
    async before(stack) {
      await stack.link()
      await stack.owner.removeCompanion()
      await stack.untilState('logged_out')
    },
  },
  {
    name: 'conflict',
    words: 'Another process is using the same WhatsApp link.',
    state: 'conflict',
    way: { name: 'Take over here', words: CONNECTED },
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
  refused('banned', 'WhatsApp banned this account.', 'Check again', 406),
  refused('restricted', 'WhatsApp blocked this account for a while.', 'Check again', 402, {
    expireSeconds: 7_200,
    code: 101,
  }),
  refused('outdated', 'WhatsApp refuses this client version.', 'Try again', 405),
  refused('misconfigured', 'WhatsApp does not accept how this client describes itself.', 'Try again', 411),
  {
    name: 'link-found',
    words: 'The account directory holds the link of another program',
    state: 'misconfigured',
    way: { name: 'Take over this link', words: 'creds.json is damaged' },
    async before(stack) {
      await stack.stopDaemon()
      rmSync(accountDirectory(stack.stateDir), { recursive: true })
      mkdirSync(accountDirectory(stack.stateDir), { mode: 0o700 })
      const credentials = join(accountDirectory(stack.stateDir), 'creds.json')
      writeFileSync(credentials, '{')
      utimesSync(credentials, 0, 0)
      await stack.startDaemon()
    },
  },
  {
    name: 'untrusted-server',
    words: 'The server that answered cannot prove that it is WhatsApp.',
    state: 'untrusted_server',
    way: {
      mend: ({ simulator }) => (simulator.faults.certificate = 'valid'),
      name: 'Try again',
      words: CONNECTED,
    },
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
    state: 'storage_error',
    way: {
      mend: ({ stateDir }) => chmodSync(accountDirectory(stateDir), 0o700),
      name: 'Try again',
      words: CONNECTED,
    },
    async before(stack) {
      await stack.link()
      await stack.stopDaemon()
      writeFileSync(join(accountDirectory(stack.stateDir), 'notes.txt'), '')
      chmodSync(accountDirectory(stack.stateDir), 0o755)
      await stack.startDaemon()
    },
  },
  {
    name: 'owner-busy',
    words: 'Another process holds this account.',
    state: 'owner_busy',
    way: { mend: () => otherOwner?.release(), name: 'Try again', words: CONNECTED },
    async before(stack) {
      await stack.link()
      await stack.stopDaemon()
      const lock = new ExclusiveLock(accountDirectory(stack.stateDir))
      lock.acquire()
      otherOwner = lock
      await stack.startDaemon()
      return () => lock.release()
    },
  },
  {
    name: 'stopped',
    words: 'The daemon is shutting down.',
    state: 'stopped',
    before: (stack) => stack.link(),
    async after(page, { stack }) {
      await page.getByText(CONNECTED).waitFor()
      // The first step of a shutdown; the next one, which closes the control plane, follows too soon to be looked at.
      if (stack.accounts instanceof AccountRegistry) await stack.accounts.stop()
    },
  },
]
