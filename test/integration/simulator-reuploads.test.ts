import { randomBytes } from 'node:crypto'
import { encryptMediaRetryRequest, normalizeMessageContent, type WAMessage } from '@whiskeysockets/baileys'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ReuploadFault } from '../../src/simulator/faults/media-faults.ts'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { Simulator } from '../../src/simulator/simulator.ts'
import { BareBot } from './simulator-bare-bot.ts'

const OWNER = '+15550000001'
const CONTACT = '+15550000002'

describe('a file that is gone, asked for again by an unmodified client', () => {
  let simulator: Simulator
  let owner: SimulatedPhone
  let contact: SimulatedPhone
  let bot: BareBot
  let message: WAMessage
  const file = randomBytes(2_000)

  beforeAll(async () => {
    simulator = new Simulator({ hasUnkeyedDevices: false, habits: { everyday: 0, sharesState: false } })
    await simulator.start()
    owner = simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
    contact = simulator.createPhone({ phoneNumber: CONTACT, name: 'Contact' })
    bot = new BareBot(simulator)
    await bot.linkTo(OWNER)
  })
  afterAll(async () => {
    await bot.stop()
    await simulator.stop()
  })
  beforeEach(async () => {
    simulator.faults.clear()
    const sent = await contact.sendMedia(OWNER, { kind: 'image', data: file })
    ;({ message } = await bot.waitForMessage(({ key }) => key.id === sent.id))
    await owner.waitForText(({ id }) => id === sent.id)
    simulator.loseFile(sent)
  })

  const download = async (of: WAMessage): Promise<[number, Buffer]> => {
    const path = normalizeMessageContent(of.message)?.imageMessage?.directPath
    const response = await fetch(`http://${new URL(simulator.webSocketUrl).host}${path ?? ''}`, {
      headers: { origin: 'https://web.whatsapp.com' },
    })
    return [response.status, Buffer.from(await response.arrayBuffer())]
  }

  it('is uploaded again by the phone, with the same key', async () => {
    const before = normalizeMessageContent(message.message)?.imageMessage?.directPath
    expect((await download(message))[0]).toBe(404)
    await bot.socket.updateMediaMessage(message)
    const [status, bytes] = await download(message)
    expect(status).toBe(200)
    expect(bytes).toHaveLength(2_000 + 16 - (2_000 % 16) + 10)
    expect(normalizeMessageContent(message.message)?.imageMessage?.directPath).not.toBe(before)
    expect(owner.reuploads.items.at(-1)).toMatchObject({ messageId: message.key.id, refusal: null })
    await expect.poll(() => owner.companions[0]?.backlog.size).toBe(0)
  })

  it.each<[string, ReuploadFault, number]>([
    ['an error', { kind: 'error', code: 2 }, 404],
    ['an error of the phone', { kind: 'result', result: 0 }, 418],
    ['that it is not found', { kind: 'result', result: 2 }, 404],
    ['that it could not read the request', { kind: 'result', result: 3 }, 412],
  ])('is answered with %s', async (_what, fault, statusCode) => {
    simulator.faults.media.spoilReuploads(fault, { account: OWNER })
    const failed = await bot.socket.updateMediaMessage(message).catch((error: unknown) => error)
    expect(failed).toMatchObject({ output: { statusCode } })
  })

  it('is not on the phone any more', async () => {
    owner.files.clear()
    const failed = await bot.socket.updateMediaMessage(message).catch((error: unknown) => error)
    expect(failed).toMatchObject({ output: { statusCode: 404 } })
  })

  it('is answered in a way that the client cannot read', async () => {
    simulator.faults.media.spoilReuploads({ kind: 'unreadable' })
    await expect(bot.socket.updateMediaMessage(message)).rejects.toThrow(/authenticate/)
  })

  it.each<[ReuploadFault['kind'] & ('other-id' | 'twice' | 'silence'), number]>([
    ['silence', 0],
    ['other-id', 1],
    ['twice', 2],
  ])('is answered in another way: %s', async (kind, times) => {
    simulator.faults.media.spoilReuploads({ kind })
    const answers = answersTo(message)
    await bot.socket.sendNode(requestFor(message))
    await owner.reuploads.waitFor(({ messageId }) => messageId === message.key.id, 'request')
    await owner.idle()
    expect(answers).toHaveLength(times)
  })

  it('waits for a phone that is switched off', async () => {
    owner.switchOff()
    const updated = bot.socket.updateMediaMessage(message)
    const answers = answersTo(message)
    await contact.sendText(OWNER, 'later')
    await bot.waitForText('later')
    expect(answers).toEqual([])
    owner.switchOn()
    await updated
    expect(answers).toHaveLength(1)
  })

  it.each<[string, RegExp, (node: ReturnType<typeof requestFor>) => void]>([
    ['another chat', /another chat/, ({ content: [, rmr] }) => (rmr.attrs.jid = owner.jid)],
    ['from_me', /from_me/, ({ content: [, rmr] }) => (rmr.attrs.from_me = 'true')],
    ['a participant', /participant/, ({ content: [, rmr] }) => (rmr.attrs.participant = contact.lid)],
    ['another id', /no such message/, (node) => (node.attrs.id = '3A00')],
  ])('is not asked for with %s in the request', async (_what, refusal, change) => {
    const node = requestFor(message)
    change(node)
    await bot.socket.sendNode(node)
    const asked = await owner.reuploads.waitFor(
      (each) => each.messageId === node.attrs.id && each.refusal !== null,
      'refusal',
    )
    expect(asked.refusal).toMatch(refusal)
  })

  it('is not asked for with another key', async () => {
    await bot.socket.sendNode(requestFor(message, randomBytes(32)))
    const asked = await owner.reuploads.waitFor(({ messageId }) => messageId === message.key.id, 'request')
    expect(asked.refusal).toMatch(/authenticate/)
  })

  it('is uploaded again for a group', async () => {
    const group = simulator.createGroup({ subject: 'Club', members: [contact, owner] })
    const sent = await contact.sendMedia(group, { kind: 'voice', data: file })
    const { message: inGroup } = await bot.waitForMessage(({ key }) => key.id === sent.id)
    simulator.loseFile(sent, 410)
    await bot.socket.updateMediaMessage(inGroup)
    expect(owner.reuploads.items.at(-1)?.refusal).toBeNull()
  })

  /** The request of Baileys, which others may change. */
  function requestFor(of: WAMessage, mediaKey = keyOf(of)) {
    return encryptMediaRetryRequest(of.key, mediaKey, owner.jid) as unknown as {
      tag: string
      attrs: Record<string, string>
      content: [
        { tag: string; attrs: Record<string, string> },
        { tag: string; attrs: Record<string, string> },
      ]
    }
  }

  function keyOf(of: WAMessage): Uint8Array {
    return normalizeMessageContent(of.message)?.imageMessage?.mediaKey ?? new Uint8Array()
  }

  /** Filled with the answers of the phone. */
  function answersTo(of: WAMessage): unknown[] {
    const answers: unknown[] = []
    simulator.onTrace(({ direction, node }) => {
      if (direction === 'out' && node.attrs.type === 'mediaretry' && node.attrs.id === of.key.id)
        answers.push(node)
    })
    return answers
  }
})
