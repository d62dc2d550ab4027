import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { CommandLine } from '../support/command-line.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

const HOUR_MS = 3_600_000

let stack: Stack
afterEach(() => stack.stop())

async function linked(clock: () => number): Promise<void> {
  stack = await Stack.start({ simulator: { clock } })
  await stack.link()
}

describe.each([
  ['ahead', -2 * HOUR_MS],
  ['behind', 2 * HOUR_MS],
])("a machine whose clock is two hours %s of WhatsApp's", (_name, offsetMs) => {
  it('answers what came during a restart, and leaves what is too old, with a word about it', async () => {
    let agoMs = 0
    await linked(() => Date.now() + offsetMs - agoMs)
    await stack.alice.sendText(OWNER, 'before')
    await stack.alice.waitForText('before')
    await stack.stopDaemon()
    agoMs = HOUR_MS + 60_000
    await stack.alice.sendText(OWNER, 'long ago')
    agoMs = 0
    await stack.alice.sendText(OWNER, 'a moment ago')
    await stack.startDaemon()
    await stack.alice.waitForText('a moment ago')
    expect(await stack.untilEvent('message.skipped')).toMatchObject({
      conversation: ALICE,
      reason: 'too_old',
    })
    expect(stack.alice.received.map(({ text }) => text)).toEqual(['before', 'a moment ago'])
    expect(stack.account().unansweredMessages).toBe(1)
    const { stdout } = await CommandLine.run(['status', '--state-dir', stack.stateDir])
    expect(stdout).toContain('1 message stays unanswered since the start')
  })
})

describe('a pause', () => {
  it('is remembered over a restart: what was sent during it is kept, and never answered', async () => {
    vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: true })
    onTestFinished(() => void vi.useRealTimers())
    // WhatsApp dates in whole seconds: those in which the pause begins and ends belong to either side.
    const later = (): void => void vi.setSystemTime(Date.now() + 2_500)
    await linked(() => Date.now())
    stack.writeConfig([ALICE], { enabled: false })
    await stack.untilState('disabled')
    later()
    await stack.alice.sendText(OWNER, 'anybody there?')
    await stack.stopDaemon()
    await stack.startDaemon()
    await stack.untilState('disabled')
    later()
    stack.writeConfig([ALICE], { enabled: true })
    await stack.untilState('connected')
    await stack.alice.sendText(OWNER, 'and now?')
    await stack.alice.waitForText('and now?')
    expect(await stack.untilEvent('message.skipped')).toMatchObject({ conversation: ALICE, reason: 'paused' })
    expect(stack.alice.received.map(({ text }) => text)).toEqual(['and now?'])
  })
})
