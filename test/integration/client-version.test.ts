import { afterEach, expect, it } from 'vitest'
import { OWNER, Stack } from '../support/stack.ts'

let stack: Stack
afterEach(() => stack.stop())

// WhatsApp stops taking a client version several times a year, and every bot stood still until its next release.
it('a refused client version is replaced by the one that WhatsApp names, while linking and later, without a release', async () => {
  stack = await Stack.start({ looksUpVersion: true })
  const { faults } = stack.simulator
  const questions = (): number => stack.simulator.versionPage.questions
  faults.minimumRevision = 1_050_000_000
  await stack.link()
  expect(questions()).toBe(1)
  await stack.stopDaemon()
  await stack.startDaemon()
  await stack.untilState('connected')
  await stack.alice.sendText(OWNER, 'hello')
  await stack.alice.waitForText('hello')
  expect(questions()).toBe(1)

  // The daemon that was started again may ask once; after that not before an hour has passed.
  faults.minimumRevision += 1
  faults.reset()
  await stack.until('another question', () => questions() === 2 && stack.account().state === 'connected')
  faults.minimumRevision += 1
  faults.reset()
  const account = await stack.untilState('outdated')
  expect(account).toMatchObject({ linked: true, reason: { code: 'client_outdated' } })
  expect(questions()).toBe(2)
})

it.each([
  ['the page cannot be had', {}],
  ['a person forbade it', { whatsapp: { versionLookup: false } }],
])('an outdated client says so, as ever, where %s', async (why, daemon) => {
  stack = await Stack.start({ looksUpVersion: true, daemon })
  await stack.link()
  stack.simulator.faults.versionPage = { status: 503, body: '' }
  stack.simulator.faults.minimumRevision = 1_050_000_000
  stack.simulator.faults.reset()
  const account = await stack.untilState('outdated')
  expect(account.reason?.action).toContain('Upgrade')
  expect(stack.simulator.versionPage.questions).toBe(why.startsWith('the page') ? 1 : 0)
})
