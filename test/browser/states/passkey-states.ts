import type { Stack } from '../../support/stack.ts'
import type { CardScene } from './scenes.ts'

const CANCELLED = { name: 'Cancel', words: 'Linking was cancelled.' }
const QR = 'Point the phone at this code'

type Demand = Parameters<Stack['simulator']['faults']['demandPasskey']>[0]

/** The owner's phone has scanned, and demands its passkey. */
async function ask(stack: Stack, demand: Demand = {}): Promise<void> {
  stack.owner.passkeys.create()
  stack.simulator.faults.demandPasskey(demand)
  const { qr } = await stack.qr()
  void stack.owner.scan(qr).catch(() => {})
  await stack.until('what to sign', () => stack.accounts.passkeys().find(({ options }) => options))
}

/** A browser has signed with the passkey of this phone. */
async function sign(stack: Stack, phone = stack.owner): Promise<void> {
  const [live] = stack.accounts.passkeys()
  const challenge = String(live?.options?.['challenge'])
  const assertion = JSON.stringify(phone.passkeys.sign({ challenge }))
  await stack.accounts.answerPasskey('default', { ceremonyId: live?.ceremonyId ?? '', assertion })
}

/** The steps of a link with a passkey, and one of the ways in which it fails. */
export const PASSKEY_SCENES: readonly CardScene[] = [
  {
    name: 'passkey-asked',
    words: 'Paste the answer here',
    state: 'passkey_required',
    way: CANCELLED,
    before: (stack) => ask(stack),
  },
  {
    name: 'passkey-sent',
    words: 'Waiting for the phone',
    state: 'passkey_required',
    way: CANCELLED,
    async before(stack) {
      await ask(stack, { silent: true })
      await sign(stack)
    },
  },
  {
    name: 'passkey-code',
    words: 'The phone shows a code too.',
    state: 'passkey_required',
    options: { timings: { passkey: { proofMs: 0 } } },
    way: { name: 'It differs', words: 'The phone showed another code' },
    async before(stack) {
      await ask(stack)
      await sign(stack)
      await stack.until('a code', () => stack.account().passkey?.code)
    },
  },
  {
    name: 'passkey-refused',
    words: 'WhatsApp did not accept the signature of the passkey.',
    state: 'passkey_required',
    way: { name: 'Try again', words: QR },
    async before(stack) {
      await ask(stack)
      stack.alice.passkeys.create()
      await sign(stack, stack.alice)
      await stack.until('a refusal', () => stack.account().reason?.code === 'passkey_refused')
    },
  },
]
