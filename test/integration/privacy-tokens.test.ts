import { afterEach, beforeEach, expect, it } from 'vitest'
import { bytes, child, type Stanza } from '../../src/simulator/wire/stanza.ts'
import { CommandLine } from '../support/command-line.ts'
import { OWNER, Stack } from '../support/stack.ts'

/** Longer than a message may be on its way while a token comes. */
const GRACE_MS = 6_000

let stack: Stack
let daemon: CommandLine | null = null
let passedMs = 0
const received: Stanza[] = []

beforeEach(async () => {
  received.length = 0
  passedMs = 0
  stack = await Stack.start({ simulator: { clock: () => Date.now() + passedMs } })
  stack.simulator.onTrace(({ direction, node }) => void (direction === 'in' && received.push(node)))
  await stack.link()
  await stack.stopDaemon()
})
afterEach(async () => {
  await daemon?.end()
  daemon = null
  await stack.stop()
})

/** The built daemon: the storage that Baileys' transactions use is put in its place by the build. */
const run = async (): Promise<void> => {
  await daemon?.end()
  daemon = new CommandLine([
    'run',
    '--config',
    stack.configPath,
    '--state-dir',
    stack.stateDir,
    '--port',
    '0',
  ])
}
const ask = async (text: string): Promise<void> => {
  await stack.alice.sendText(OWNER, text)
  await stack.alice.waitForText(text, 20_000)
}
const tokenQuestions = (): Stanza[] =>
  received.filter((node) => node.attrs.xmlns === 'privacy' && child(node)?.tag === 'tokens')

// Each reply cost a question for a token, whose answer went into a transaction that had ended.
it('a contact is given one token, and theirs goes with each reply, after a restart too', async () => {
  await run()
  for (const text of ['one', 'two', 'three']) await ask(text)
  passedMs += GRACE_MS
  await ask('four')
  expect(tokenQuestions()).toHaveLength(1)
  await run()
  await ask('five')
  await ask('six')
  expect(tokenQuestions()).toHaveLength(1)
  const last = received.filter(({ tag }) => tag === 'message').at(-1)
  expect(bytes(child(last, 'tctoken'))).toHaveLength(16)
})

// Found by a fault run: it took the place of the good one, and each later reply was refused (463).
it('a notification whose token has no bytes takes nothing away', async () => {
  await run()
  await ask('one')
  passedMs += GRACE_MS
  const t = String(Math.floor(Date.now() / 1_000) + 60)
  const attributes = { jid: stack.owner.jid, t, type: 'trusted_contact' }
  stack.simulator.faults.send({
    tag: 'notification',
    attrs: { from: stack.alice.lid, id: 'EMPTY', t, type: 'privacy_token' },
    content: [
      {
        tag: 'tokens',
        attrs: {},
        content: [{ tag: 'token', attrs: attributes, content: new Uint8Array(0) }],
      },
    ],
  })
  await expect
    .poll(() => received.some(({ tag, attrs }) => tag === 'ack' && attrs.id === 'EMPTY'), { timeout: 20_000 })
    .toBe(true)
  await ask('two')
  const last = received.filter(({ tag }) => tag === 'message').at(-1)
  expect(bytes(child(last, 'tctoken'))).toHaveLength(16)
})
