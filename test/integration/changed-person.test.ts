import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import { child, stanza } from '../../src/simulator/wire/stanza.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'
import { untilSaid } from '../support/until-said.ts'

const NEW_LID = '777000777000777'

/*
 * A number can get a new owner. WhatsApp gives the new account another LID, and says so with the acknowledgement of a message to
 * the old one. The new owner was taken for the old one: they were answered, with what the old one had said.
 */
let stack: Stack
const sent: string[] = []
const questions: Stanza[] = []

beforeEach(async () => {
  sent.length = 0
  questions.length = 0
  stack = await Stack.start({ allowFrom: [ALICE, MALLORY], simulator: { hasUnkeyedDevices: false } })
  stack.simulator.onTrace(({ direction, node }) => {
    if (direction !== 'in') return
    if (node.tag === 'message' && node.attrs.category !== 'peer') sent.push(node.attrs.to ?? '')
    if (node.attrs.xmlns === 'usync' && child(node, 'usync')?.attrs.context === 'background')
      questions.push(node)
  })
  await stack.link()
  await stack.alice.sendText(OWNER, 'from the first owner')
  await stack.alice.waitForText('from the first owner')
})
afterEach(() => stack.stop())

/** The first owner's last question is answered after their number has changed hands. */
const changeHands = async (): Promise<void> => {
  const formerLid = stack.alice.lid
  const answered = sent.length
  // The question was written before the change; its answer leaves after it.
  await stack.alice.sendText(OWNER, 'one more thing')
  stack.alice.renewLid(NEW_LID)
  await expect.poll(() => sent.slice(answered)).toContain(formerLid)
  await stack.until('the notice', () => stack.account().reason?.code === 'person_changed')
}

it('whoever has the number of an allowed person now is not answered, and the owner is told, until somebody allows them', async () => {
  await changeHands()
  expect(stack.account().reason?.message).toContain(ALICE)
  expect(stack.alice.account.sentToFormerLid).toBe(1)
  const former = stack.published('message.received').at(-1)?.conversation
  expect(former).toBe(ALICE)

  sent.length = 0
  for (const addressing of ['lid', 'pn'] as const)
    await stack.alice.sendText(OWNER, `I have this number now, by ${addressing}`, { addressing })
  await stack.untilEvent('message.blocked', ({ reason }) => reason === 'person_changed')
  await stack.mallory.sendText(OWNER, 'meanwhile')
  await stack.mallory.waitForText('meanwhile')
  expect(sent.filter((to) => !to.startsWith(stack.mallory.account.lidUser))).toEqual([])

  // It outlives a restart, and an edit of something else.
  await stack.stopDaemon()
  await stack.startDaemon()
  await stack.untilState('connected')
  expect(stack.account().reason?.code).toBe('person_changed')

  // Also for a page that is opened later, beside which the person can be allowed.
  const client = await stack.client()
  const { snapshot } = await client.request('session.subscribe', {})
  expect(snapshot.blocked).toMatchObject([{ phoneNumber: ALICE, reason: 'person_changed' }])
  const { allowFrom } = await client.request('config.addAllowFrom', {
    account: 'default',
    // As people type it.
    allowFrom: ['+1 (555) 000-0002'],
  })
  expect(allowFrom).toEqual([ALICE, MALLORY])
  const later = await client.request('session.subscribe', {})
  expect(later.snapshot.blocked).toEqual([])
  client.close()
  await stack.until('the end of the notice', () => stack.account().reason === null)
  await stack.alice.sendText(OWNER, 'hello, it is me')
  await stack.alice.waitForText('hello, it is me')
  expect(sent.at(-1)).toBe(`${NEW_LID}@lid`)
})

it('removing the number and adding it again in the file allows them too, and their conversation begins anew', async () => {
  const formerLid = stack.alice.lid
  await changeHands()
  stack.writeConfig([MALLORY])
  await stack.until('the end of the notice', () => stack.account().reason === null)
  stack.writeConfig([ALICE, MALLORY])
  await stack.until('both', () => stack.published('config.applied').length >= 2)
  await stack.alice.sendText(OWNER, 'hello, it is me')
  await stack.alice.waitForText('hello, it is me')
  await stack.stopDaemon()
  const database = new DatabaseSync(join(stack.stateDir, 'accounts', 'default', 'account.db'))
  const saidTo = database.prepare(
    'SELECT name, inbox.text FROM inbox JOIN conversations ON conversations.id = conversation WHERE inbox.text IS NOT NULL ORDER BY sequence',
  )
  expect(saidTo.all()).toEqual([
    { name: formerLid, text: 'from the first owner' },
    { name: formerLid, text: 'one more thing' },
    { name: ALICE, text: 'hello, it is me' },
  ])
  database.close()
})

it('switching direct messages off and on again allows nobody, and neither does letting everybody write', async () => {
  await changeHands()
  const policies = ['disabled', 'allowlist', 'open']
  for (const [index, dmPolicy] of policies.entries()) {
    stack.writeConfig(dmPolicy === 'open' ? ['*', ALICE] : [ALICE, MALLORY], { dmPolicy })
    await stack.until(dmPolicy, () => stack.published('config.applied').length > index)
    expect(stack.account().reason?.code).toBe('person_changed')
  }
  sent.length = 0
  await stack.alice.sendText(OWNER, 'I have this number now')
  await stack.untilEvent('message.blocked', ({ reason }) => reason === 'person_changed')
  await stack.mallory.sendText(OWNER, 'meanwhile')
  await stack.mallory.waitForText('meanwhile')
  expect(sent.filter((to) => !to.startsWith(stack.mallory.account.lidUser))).toEqual([])
})

it('what was still to be sent to the first owner reaches nobody, also where everybody may write', async () => {
  await stack.stop()
  stack = await Stack.start({
    allowFrom: ['*'],
    channel: { dmPolicy: 'open' },
    simulator: { hasUnkeyedDevices: false },
  })
  await stack.link()
  await stack.alice.sendText(OWNER, 'hello')
  await stack.alice.waitForText('hello')
  stack.simulator.faults.latencyMs = 100
  // Longer than one message: the others wait while WhatsApp is asked about the LID.
  await stack.alice.sendText(OWNER, 'a secret '.repeat(1_500))
  stack.alice.renewLid(NEW_LID)
  await stack.untilEvent('message.failed', ({ code }) => code === 'person_changed')
  stack.simulator.faults.latencyMs = 0
  await stack.mallory.sendText(OWNER, 'next')
  await stack.mallory.waitForText('next')
  expect(stack.alice.account.sentToFormerLid).toBe(1)
  expect(stack.alice.received.map(({ text }) => text)).toEqual(['hello'])
  // Under this policy whoever has the number may write as anybody does.
  await stack.alice.sendText(OWNER, 'who are you')
  await stack.alice.waitForText('who are you')
})

it('what the former LID refuses does not go to the number, which is somebody else by then', async () => {
  stack.owner.account.lidMigration = 'unmigrated'
  const received = stack.alice.received.length
  await stack.alice.sendText(OWNER, 'a secret')
  stack.alice.renewLid(NEW_LID)
  await stack.untilEvent('message.failed', ({ code }) => code === 'person_changed')
  expect(stack.alice.received).toHaveLength(received)
})

it('a notice of a LID that has not changed costs one question for each connection, and holds nothing up', async () => {
  stack.alice.isLidStale = true
  questions.length = 0
  for (const text of ['one', 'two', 'three']) {
    await stack.alice.sendText(OWNER, text)
    await stack.alice.waitForText(text)
  }
  expect(questions).toHaveLength(1)
  expect(stack.account().reason).toBeNull()
})

// WhatsApp lists nobody at the former LID: the message never left, was tried again for hours, and no acknowledgement said why.
it('is noticed also where the devices of the person are asked for before anything is sent', async () => {
  const { lid } = stack.alice
  const notice = { from: lid, type: 'devices', id: 'CHANGED', t: '1' }
  const heard = untilSaid(stack.simulator, ({ tag, attrs }) => tag === 'ack' && attrs.id === 'CHANGED')
  stack.simulator.faults.send(stanza('notification', notice, [stanza('update', { hash: 'abcd' })]))
  await heard
  stack.alice.renewLid(NEW_LID)
  sent.length = 0
  const client = await stack.client()
  await client.request('messages.send', { account: 'default', to: ALICE, text: 'Is it still you?' })
  await stack.until('the notice', () => stack.account().reason?.code === 'person_changed')
  const { code } = await stack.untilEvent('message.failed')
  expect(code).toBe('person_changed')
  expect(sent).toEqual([])
  client.close()
})
