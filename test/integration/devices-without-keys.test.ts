import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SimulatedGroup } from '../../src/simulator/server/groups/group.ts'
import { child, children, stanza } from '../../src/simulator/wire/stanza.ts'
import { ALICE, MALLORY, OWNER, Stack, type StackOptions } from '../support/stack.ts'
import { BareBot } from './simulator-bare-bot.ts'
import { inTime } from '../support/in-time.ts'

const REFUSALS = ['404', '406', 'left-out'] as const
/** Less than the time that an unanswered query takes. */
const PROMPTLY_MS = 12_000
const QUICK = { timings: { queryTimeoutMs: 3_000 } } satisfies StackOptions

let stack: Stack
const bots: BareBot[] = []

beforeEach(() => {
  // Baileys' own libsignal prints the sessions that it replaces.
  for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockReturnValue()
})
afterEach(async () => {
  vi.restoreAllMocks()
  for (const bot of bots.splice(0)) await bot.stop()
  await stack.stop()
})

const start = async (options: StackOptions = {}): Promise<void> => {
  // A phone that shares its state opens a session; here nobody has one. Only the test changes the lists of devices.
  const simulator = { hasUnkeyedDevices: false, habits: { sharesState: false } }
  stack = await Stack.start({ allowFrom: [ALICE], simulator, ...QUICK, ...options })
  await stack.link()
}
const ask = async (text: string, timeoutMs = PROMPTLY_MS): Promise<void> => {
  await stack.alice.sendText(OWNER, text)
  await stack.alice.waitForText(text, timeoutMs)
}
/** The account's own phone has a copy of what was answered. */
const copied = (text: string): Promise<unknown> =>
  stack.owner.waitForText((each) => each.text === text && each.from === OWNER, PROMPTLY_MS)
const family = (): SimulatedGroup =>
  stack.simulator.createGroup({ subject: 'Family', members: [stack.alice, stack.owner, stack.mallory] })
const askGroup = async (group: SimulatedGroup, text: string, readers = [stack.alice, stack.mallory]) => {
  const { text: complete } = await stack.alice.sendGroupText(group, text, { mention: OWNER })
  for (const phone of readers) {
    await phone.waitForText((each) => each.text === complete && each.from === OWNER, PROMPTLY_MS)
    expect(phone.undecryptable).toEqual([])
  }
}
/** How often the account asked for keys so far, and for which devices. */
const keyQuestions = (): { count: () => number } => {
  let count = 0
  stack.simulator.onTrace(({ direction, node }) => {
    if (direction === 'in' && node.tag === 'iq' && child(node)?.tag === 'key') count += 1
  })
  return { count: () => count }
}
/** WhatsApp has answered the question for somebody's devices with a refusal. */
const untilListRefused = (): Promise<void> =>
  new Promise((resolve) => {
    const stop = stack.simulator.onTrace(({ direction, node }) => {
      const users = direction === 'out' ? children(child(child(node, 'usync'), 'list'), 'user') : []
      if (!users.some((user) => child(child(user, 'devices'), 'error') !== undefined)) return
      stop()
      resolve()
    })
  })
/** WhatsApp tells that this phone's session is worth nothing any more, as after it was registered anew. */
const loseSession = async (lid: string): Promise<void> => {
  const device = stanza('device', { jid: lid, 'key-index': '1' })
  const notice = { from: lid, type: 'devices', id: 'REMOVED', t: '1' }
  const acknowledged = new Promise<void>((resolve) => {
    const stop = stack.simulator.onTrace(({ direction, node }) => {
      if (direction !== 'in' || node.tag !== 'ack' || node.attrs.id !== 'REMOVED') return
      stop()
      resolve()
    })
  })
  stack.simulator.faults.send(stanza('notification', notice, [stanza('remove', {}, [device])]))
  await inTime('the acknowledgement', acknowledged)
}

// Somebody links a device: it is listed at once, and its keys come seconds later. All that was fetched together with
// them was given up, and the chat fell silent.
describe.each(REFUSALS)('a listed device whose keys are %s', (refusal) => {
  it("of the person who writes, or of the account's own, is left out", async () => {
    await start()
    stack.alice.listUnkeyedDevice(refusal)
    stack.owner.listUnkeyedDevice(refusal)
    await ask('hello')
    await copied('hello')
    await ask('again')
  })

  it('of any member is left out of a group', async () => {
    await start()
    for (const phone of [stack.alice, stack.mallory, stack.owner]) phone.listUnkeyedDevice(refusal)
    const group = family()
    await askGroup(group, 'hello')
    await askGroup(group, 'again')
  })

  it("that is the account's own phone keeps nobody waiting", async () => {
    await start()
    stack.owner.keys = refusal
    await ask('hello')
    await ask('again')
    await askGroup(family(), 'to all')
    // A message that a phone could not read goes out again to all of the chat.
    await stack.alice.sendText(OWNER, 'can you read this?')
    stack.alice.forgetSession(stack.owner.companions[0] ?? stack.alice)
    await stack.alice.waitForText('can you read this?', PROMPTLY_MS)
    expect(stack.alice.undecryptable).not.toEqual([])
  })

  it('of all that a member has keeps nobody else waiting', async () => {
    await start()
    stack.mallory.keys = refusal
    await askGroup(family(), 'hello', [stack.alice])
    stack.mallory.keys = 'given'
  })
})

it('is not asked for with every message, and is written to once it has keys', async () => {
  await start()
  stack.owner.keys = '404'
  await ask('one')
  const questions = keyQuestions()
  await ask('two')
  await ask('three')
  expect(questions.count()).toBe(0)
  // A notice about its devices ends the rest.
  stack.owner.keys = 'given'
  stack.owner.listUnkeyedDevice('406')
  await ask('four')
  await copied('four')
})

describe.each([429, 503])('a question for keys that is answered with %s', (code) => {
  const refuse = (times?: number) =>
    stack.simulator.faults.answerWithError(
      { xmlns: 'encrypt', element: 'key', ...(times === undefined ? {} : { times }) },
      { code, text: 'unavailable' },
    )

  it('says nothing against those who have a session', async () => {
    await start()
    refuse()
    await ask('hello')
    await ask('again')
  })

  it('leaves out of a group only those without a session, who ask for the message', async () => {
    await start()
    refuse(4)
    await askGroup(family(), 'hello', [stack.alice])
  })
})

it('an unanswered question for the keys of its own phone holds up one reply, and only for seconds', async () => {
  await start({ timings: { queryTimeoutMs: 20_000 } })
  stack.simulator.faults.withholdAnswers({ xmlns: 'encrypt', element: 'key' })
  await ask('one', 15_000)
  await ask('two')
})

describe.each(['unsigned', 'malformed', 'twice', 'unasked'] as const)('keys that come %s', (spoil) => {
  it('cost nobody else the message', async () => {
    await start()
    const group = family()
    const spoiled = stack.simulator.faults.spoilBundles(spoil, {
      matching: ({ attrs }) => [stack.mallory.lid, stack.owner.lid].includes(attrs.jid ?? ''),
    })
    await askGroup(group, 'hello', [stack.alice])
    expect(spoiled.hits).toBeGreaterThan(0)
    await ask('in private')
    if (spoil === 'twice' || spoil === 'unasked') await copied('in private')
    else expect(stack.owner.received.filter(({ from }) => from === OWNER)).toEqual([])
  })
})

// A question that ended with its connection was taken for keys that are not there: the member's devices rested, and what
// was sent again came without the key that reads it.
it('a member is not left out because the connection ended while WhatsApp was asked for the keys', async () => {
  await start()
  await ask('hello')
  const group = family()
  const withheld = stack.simulator.faults.withholdAnswers({ element: 'key' })
  const { text } = await stack.alice.sendGroupText(group, 'who reads this?', { mention: OWNER })
  await expect.poll(() => withheld.hits).toBeGreaterThan(0)
  withheld.clear()
  stack.simulator.faults.reset()
  for (const phone of [stack.alice, stack.mallory]) {
    await phone.waitForText((each) => each.text === text && each.from === OWNER, PROMPTLY_MS)
    expect(phone.undecryptable).toEqual([])
  }
})

it('a member whose list of devices is refused keeps nobody else waiting', async () => {
  await start()
  stack.mallory.isListRefused = true
  await askGroup(family(), 'hello', [stack.alice])
})

// The empty list was remembered for five minutes, and every reply waited for its end.
it('a recipient whose list of devices was refused once is answered with the next attempt', async () => {
  await start()
  stack.alice.isListRefused = true
  const refused = untilListRefused()
  await stack.alice.sendText(OWNER, 'hello')
  await refused
  stack.alice.isListRefused = false
  await stack.alice.waitForText('hello', PROMPTLY_MS)
})

it('a group in which every list was refused once is answered with the next attempt', async () => {
  await start()
  const group = stack.simulator.createGroup({ subject: 'Two', members: [stack.alice, stack.owner] })
  await ask('so that it is known who Alice is')
  stack.alice.listUnkeyedDevice('404')
  stack.alice.isListRefused = true
  const refused = untilListRefused()
  const { text } = await stack.alice.sendGroupText(group, 'hello', { mention: OWNER })
  await refused
  stack.alice.isListRefused = false
  await stack.alice.waitForText((each) => each.text === text && each.from === OWNER, PROMPTLY_MS)
})

// Alice lost all of her keys; Mallory's reply does not wait for hers.
it('a recipient of whom no device has keys is tried again, and holds up nobody', async () => {
  await start({ allowFrom: [ALICE, MALLORY] })
  const client = await stack.client()
  const refusal = stack.simulator.faults.refuseMessages(479, { times: 1 })
  await stack.alice.sendText(OWNER, 'hello')
  const { messageId } = await stack.untilEvent('message.failed')
  expect(refusal.hits).toBe(1)
  stack.alice.keys = '404'
  await loseSession(stack.alice.lid)
  const questions = keyQuestions()
  await client.request('outbox.retry', { messageId })
  await expect.poll(questions.count).toBeGreaterThan(0)
  await stack.mallory.sendText(OWNER, 'and me?')
  await stack.mallory.waitForText('and me?', PROMPTLY_MS)
  expect(stack.alice.received.map(({ text }) => text)).toEqual([])
  expect(stack.account()).toMatchObject({ state: 'connected', health: { canSend: true } })
  stack.alice.keys = 'given'
  await stack.alice.waitForText('hello', 30_000)
  client.close()
})

describe('a list of devices that is stale', () => {
  const linkSecondDevice = async (): Promise<BareBot> => {
    const bot = new BareBot(stack.simulator)
    bots.push(bot)
    await bot.linkTo(ALICE)
    return bot
  }
  const hasText = (bot: BareBot, text: string): Promise<unknown> =>
    bot.waitForMessage(({ key, message }) => !key.fromMe && message?.conversation === text, PROMPTLY_MS)

  it('is noticed by the acknowledgement, and the message sent to the device that it lacks, once', async () => {
    await start()
    await ask('hello')
    stack.simulator.faults.tellsOfDevices = false
    const bot = await linkSecondDevice()
    const outgoing: string[] = []
    stack.simulator.onTrace(({ direction, node, connection }) => {
      if (direction === 'in' && node.tag === 'message' && connection.account === OWNER)
        outgoing.push(node.attrs.id ?? '')
    })
    await ask('are you on two devices?')
    await hasText(bot, 'are you on two devices?')
    expect(new Set(outgoing).size).toBe(1)
    expect(outgoing).toHaveLength(2)
    await ask('and now?')
    await hasText(bot, 'and now?')
    expect(outgoing).toHaveLength(3)
    expect(stack.alice.received.filter(({ text }) => text === 'are you on two devices?')).toHaveLength(1)
  })

  it('is asked for again when a notice says no more than that something changed', async () => {
    await start()
    await ask('hello')
    stack.simulator.faults.tellsOfDevices = false
    const bot = await linkSecondDevice()
    const notice = { from: stack.alice.lid, type: 'devices', id: 'CHANGED', t: '1' }
    const devices = new Promise<number>((resolve) => {
      stack.simulator.onTrace(({ direction, node, connection }) => {
        if (direction === 'in' && node.tag === 'message' && connection.account === OWNER)
          resolve(children(child(node, 'participants'), 'to').length)
      })
    })
    stack.simulator.faults.send(stanza('notification', notice, [stanza('update', { hash: 'abcd' })]), {
      account: OWNER,
    })
    await ask('are you on two devices?')
    await hasText(bot, 'are you on two devices?')
    // The phones of both, and Alice's second device.
    expect(await inTime('a message', devices)).toBe(3)
  })
})
