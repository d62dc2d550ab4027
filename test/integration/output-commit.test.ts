import { join } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'
import { inTime } from '../support/in-time.ts'

const HANDSHAKE_FRAMES = 2

/** What another connection sees is what a crash at this moment would leave. */
interface Picture {
  rebuildable: Set<string>
  /** The state of each row by its message's id. */
  outbox: Map<string, string>
  sessions: string
}

// A receipt for a message that is not stored loses it in a crash; a frame whose ratchet step is not stored uses a
// message key twice.
describe('nothing leaves before the state it depends on is on disk', () => {
  const { send } = WebSocket.prototype
  let stack: Stack
  let disk: DatabaseSyncInstance | null = null
  /** The disk at the moment each frame was handed to the network, oldest first; the server sees them in this order. */
  let pictures: Picture[] = []
  const sockets = new WeakSet<WebSocket>()
  let sent = 0
  let arrived = 0
  let told: { text: string; picture: Picture }[] = []
  let seen: { stanza: Stanza; picture: Picture | undefined }[] = []

  const column = (sql: string): string[] => {
    const rows = disk === null ? [] : disk.prepare(sql).all()
    return (rows as { value: string }[]).map(({ value }) => value)
  }
  const picture = (): Picture => ({
    rebuildable: new Set(
      column(
        'SELECT message_id AS value FROM stanza_journal JOIN plaintext_journal ON stanza_sequence = sequence WHERE plaintext IS NOT NULL',
      ),
    ),
    outbox: new Map(
      column("SELECT message_id || ' ' || state AS value FROM outbox").map((row) => {
        const [id = '', state = ''] = row.split(' ')
        return [id, state]
      }),
    ),
    sessions: column(
      "SELECT id || value AS value FROM signal_keys WHERE type IN ('session', 'sender-key') ORDER BY type, id",
    ).join('\n'),
  })

  beforeEach(async () => {
    // Looks and passes on: the frame is the real one.
    WebSocket.prototype.send = function look(this: WebSocket, ...frame: Parameters<typeof send>) {
      // Sockets that were accepted have no URL; what goes out of them to dashboards is readable.
      const url: string | undefined = this.url
      if (url?.endsWith('/ws/chat') ?? false) {
        if (!sockets.has(this)) [sent, arrived] = [0, 0]
        sockets.add(this)
        sent += 1
        if (disk !== null) pictures.push(picture())
      }
      const [text] = frame
      if (disk !== null && url === undefined && typeof text === 'string')
        told.push({ text, picture: picture() })
      send.apply(this, frame)
    } as typeof send
    stack = await Stack.start({ allowFrom: [ALICE] })
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction !== 'in') return
      arrived += 1
      if (disk !== null) seen.push({ stanza: node, picture: pictures.shift() })
    })
    await stack.link()
    // The first answer settles what every login sends once.
    await stack.alice.sendText(OWNER, 'first')
    await stack.alice.waitForText('first')
    await stack.untilEvent('message.delivered')
    // Nothing is under way any more: from here on the n-th frame sent is the n-th that arrives.
    await expect.poll(() => sent - HANDSHAKE_FRAMES - arrived).toBe(0)
    pictures = []
    seen = []
    told = []
    disk = new DatabaseSync(join(stack.stateDir, 'accounts', 'default', 'account.db'), { readOnly: true })
  })
  afterEach(async () => {
    WebSocket.prototype.send = send
    disk?.close()
    disk = null
    await stack.stop()
  })

  const framesOf = (tag: string, id: string): (Picture | undefined)[] =>
    seen.filter(({ stanza }) => stanza.tag === tag && stanza.attrs.id === id).map((frame) => frame.picture)

  it('no receipt before the message can be rebuilt', async () => {
    for (const text of ['one', 'two', 'three']) {
      const { id } = await stack.alice.sendText(OWNER, text)
      await stack.alice.waitForText(text)
      const frames = framesOf('receipt', id)
      expect(frames.length).toBeGreaterThan(0)
      for (const frame of frames) expect(frame?.rebuildable).toContain(id)
    }
  })

  it('no message before its row in the outbox and its ratchet step', async () => {
    for (const text of ['one', 'two', 'three']) {
      await stack.alice.sendText(OWNER, text)
      const reply = await stack.alice.waitForText(text)
      await stack.untilEvent('message.sent', ({ messageId }) => messageId === reply.id)
      const [frame] = framesOf('message', reply.id)
      expect(frame?.outbox.has(reply.id)).toBe(true)
      // Nothing about the ratchet was left to be written once the frame was out.
      expect(frame?.sessions).toBe(picture().sessions)
    }
  })

  it('nor in a group: no receipt before the message, no answer before the step of its sender key', async () => {
    const bernd = stack.simulator.createPhone({ phoneNumber: '+15550000004', name: 'Bernd' })
    const family = stack.simulator.createGroup({
      subject: 'Family',
      members: [stack.alice, stack.owner, bernd],
    })
    for (const text of ['one', 'two', 'three']) {
      const question = await stack.alice.sendGroupText(family, text, { mention: OWNER })
      const reply = await stack.alice.waitForText(question.text)
      await stack.untilEvent('message.sent', ({ messageId }) => messageId === reply.id)
      const receipts = framesOf('receipt', question.id)
      expect(receipts.length).toBeGreaterThan(0)
      for (const receipt of receipts) expect(receipt?.rebuildable).toContain(question.id)
      const [frame] = framesOf('message', reply.id)
      expect(frame?.outbox.has(reply.id)).toBe(true)
      expect(frame?.sessions).toContain(family.jid)
      expect(frame?.sessions).toBe(picture().sessions)
    }
  })

  it('no event before what it tells', async () => {
    const client = await stack.client()
    const queued = new Promise<string>((resolve) => {
      client.on('message.queued', ({ messageId }) => resolve(messageId))
    })
    await stack.alice.sendText(OWNER, 'hello')
    const id = await inTime('message.queued', queued)
    const frame = told.find(({ text }) => text.includes('message.queued') && text.includes(id))
    expect(frame?.picture.outbox.get(id)).toBe('queued')
    client.close()
  })

  // A frame to WhatsApp commits everything by the way; here none goes out.
  it('no event and no result before what it tells, while nothing goes to WhatsApp', async () => {
    stack.writeConfig([ALICE], { pace: { perMinute: 1, perHour: 600_000 }, typing: false })
    await stack.untilEvent('config.applied')
    const client = await stack.client()
    await stack.alice.sendText(OWNER, 'this one goes')
    await stack.alice.sendText(OWNER, 'this one waits')
    const waiting = async (): Promise<string | undefined> => {
      const { messages } = await client.request('outbox.list', {})
      return messages.find(({ waitsFor }) => waitsFor === 'pace')?.messageId
    }
    await expect.poll(waiting).toBeDefined()
    const id = (await waiting()) ?? ''
    stack.writeConfig([MALLORY])
    await stack.untilEvent('message.failed', ({ messageId }) => messageId === id)
    await expect.poll(() => told.some(({ text }) => text.includes('message.failed'))).toBe(true)
    const event = told.find(({ text }) => text.includes('message.failed'))
    expect(event?.picture.outbox.get(id)).toBe('failed')
    const before = told.length
    await client.request('outbox.discard', { messageId: id })
    const result = told.slice(before).find(({ text }) => text.includes('"result"'))
    expect(result?.picture.outbox.get(id)).toBe('discarded')
    client.close()
  })
})
