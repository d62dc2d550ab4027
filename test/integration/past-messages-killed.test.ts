import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import type { proto } from '@whiskeysockets/baileys'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { historyFile, historyMessage } from '../../src/simulator/phones/first-sync.ts'
import type { LinkedCompanion } from '../../src/simulator/server/linked-companion.ts'
import { KilledDaemon } from '../support/killed-daemon.ts'
import { ALICE } from '../support/stack.ts'

/** So many that a part is not read in a moment. */
const MANY = 4_000
const WAIT = { timeout: 60_000, interval: 20 }

// WhatsApp hands the history over once: what is acknowledged and not read when the process dies is gone for good, if it is not stored.
describe('the history of a phone, with a daemon that is killed', () => {
  let daemon: KilledDaemon

  beforeEach(async () => {
    // Baileys' own libsignal prints the sessions that it replaces.
    for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockReturnValue()
    daemon = await KilledDaemon.start({ allowFrom: [ALICE], historySync: 'recent' })
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await daemon.stop()
  })

  const companion = (): LinkedCompanion => daemon.owner.companions[0] as LinkedCompanion // just linked
  /** What Alice wrote, each a second after the one before. */
  const wordsOfAlice = (first: number, count: number): proto.IConversation => ({
    id: daemon.alice.lid,
    messages: Array.from({ length: count }, (_, index) => ({
      message: {
        key: { remoteJid: daemon.alice.lid, fromMe: false, id: `PAST${first + index}` },
        message: { conversation: `word ${first + index}` },
        messageTimestamp: Math.floor(Date.now() / 1000) - 100_000 + first + index,
      },
    })).toReversed(),
  })
  const inMessage = (first: number, count: number): proto.IMessage =>
    historyMessage('RECENT', { conversations: [wordsOfAlice(first, count)] })
  const asFile = (first: number, count: number): proto.IMessage =>
    historyFile(
      'RECENT',
      { conversations: [wordsOfAlice(first, count)] },
      { random: randomBytes, store: daemon.simulator.media.store },
    )
  const query = (sql: string): Record<string, unknown>[] => {
    const path = join(daemon.home, 'state', 'accounts', 'default', 'account.db')
    const database = new DatabaseSync(path, { readOnly: true })
    try {
      return database.prepare(sql).all() as Record<string, unknown>[]
    } finally {
      database.close()
    }
  }
  const texts = (): unknown[] =>
    query(`SELECT text FROM inbox WHERE message_id LIKE 'PAST%' ORDER BY sequence`).map(({ text }) => text)
  const words = (count: number): string[] => Array.from({ length: count }, (_, index) => `word ${index}`)
  const waiting = (): number => query(`SELECT name FROM facts WHERE name LIKE 'history %'`).length

  it.each([
    ['in the message itself', inMessage],
    ['a file on its servers', asFile],
  ])('before a part is read that WhatsApp was told of: %s', async (_, part) => {
    const killed = daemon.killedAt({
      wire: ({ direction, node }) =>
        direction === 'in' && node.tag === 'receipt' && node.attrs['type'] === 'hist_sync',
    })
    await daemon.owner.sendPeerMessage(companion(), part(0, 5))
    await killed
    expect(texts()).toEqual([])
    await daemon.startAgain()
    await expect.poll(texts, WAIT).toEqual(words(5))
    await expect.poll(waiting, WAIT).toBe(0)
  })

  it('in the middle of a part, again and again', async () => {
    await daemon.owner.sendPeerMessage(companion(), asFile(0, MANY))
    for (let read = 0; read < MANY / 2;) {
      await expect.poll(() => texts().length, WAIT).toBeGreaterThan(read + MANY / 10)
      await daemon.kill()
      read = texts().length
      expect(read).toBeLessThan(MANY)
      await daemon.startAgain()
    }
    await expect.poll(() => texts().length, WAIT).toBe(MANY)
    expect(texts()).toEqual(words(MANY))
    await expect.poll(waiting, WAIT).toBe(0)
  })

  it('between two parts', async () => {
    await daemon.owner.sendPeerMessage(companion(), inMessage(0, 5))
    await expect.poll(texts, WAIT).toEqual(words(5))
    const { faults } = daemon.simulator
    const slow = faults.media.spoilDownloads({ kind: 'slow', bytesPerSecond: 1 })
    await daemon.owner.sendPeerMessage(companion(), asFile(5, 5))
    await daemon.owner.sendPeerMessage(companion(), inMessage(10, 5))
    await expect.poll(waiting, WAIT).toBe(2)
    await daemon.kill()
    slow.clear()
    await daemon.startAgain()
    await expect.poll(texts, WAIT).toEqual(words(15))
    await expect.poll(waiting, WAIT).toBe(0)
  })

  it('a part that cannot be had is read with the next connection', async () => {
    const { faults } = daemon.simulator
    const refused = faults.media.spoilDownloads({ kind: 'status', status: 503 })
    await daemon.owner.sendPeerMessage(companion(), asFile(0, 5))
    await daemon.owner.sendPeerMessage(companion(), inMessage(5, 5))
    await expect.poll(() => texts().length, WAIT).toBe(5)
    refused.clear()
    await daemon.kill()
    await daemon.startAgain()
    await expect.poll(texts, WAIT).toEqual(words(10))
    await expect.poll(waiting, WAIT).toBe(0)
  })
})
