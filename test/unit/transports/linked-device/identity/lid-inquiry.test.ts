import type { USyncQuery } from '@whiskeysockets/baileys'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LidPair } from '../../../../../src/transports/linked-device/identity/lid-directory.ts'
import {
  type AskingSocket,
  LidInquiry,
} from '../../../../../src/transports/linked-device/identity/lid-inquiry.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** WhatsApp's directory: what it was asked, and what it answers. */
class Server {
  readonly questions: string[][] = []
  readonly lids = new Map<string, string>()
  /** Pairs that nobody asked for. */
  readonly more: { id: string; lid: string }[] = []
  isSilent = false

  readonly socket: AskingSocket = {
    executeUSyncQuery: (query: USyncQuery) => {
      const asked = query.users.map(({ id = '' }) => id)
      this.questions.push(asked.map((jid) => jid.split('@')[0] ?? ''))
      if (this.isSilent) return Promise.resolve(undefined)
      const known = asked.map((id) => ({ id, lid: this.lids.get(id.split('@')[0] ?? '') }))
      return Promise.resolve({ list: [...known, ...this.more], sideList: [] })
    },
  }
}

describe('asking WhatsApp for LIDs', () => {
  let server: Server
  let learned: LidPair[]
  let inquiry: LidInquiry
  let isConnected = true
  const confirmed = new Map<string, number>()
  beforeEach(() => {
    vi.useFakeTimers()
    isConnected = true
    server = new Server()
    learned = []
    confirmed.clear()
    inquiry = new LidInquiry({
      directory: {
        learn: (pairs) => {
          learned.push(...pairs)
          for (const { phoneNumber } of pairs) confirmed.set(phoneNumber, Date.now())
        },
        confirmedAt: (number) => confirmed.get(number) ?? null,
        ownNumber: '1',
      },
      socket: () => (isConnected ? server.socket : null),
      now: Date.now,
    })
  })
  afterEach(() => {
    inquiry.stop()
    vi.useRealTimers()
  })

  it('learns what was asked for, and nothing else that the answer has', async () => {
    server.lids.set('100', '777@lid').set('102', 'letters@lid').set('103', '5@s.whatsapp.net')
    server.more.push({ id: '200@s.whatsapp.net', lid: '888@lid' })
    await inquiry.ask(['100', '101', '102', '103'])
    expect(learned).toEqual([{ lid: '777', phoneNumber: '100' }])
  })

  it('lets an answer count for a minute', async () => {
    for (let round = 0; round < 20; round += 1) await inquiry.ask(['100'])
    expect(server.questions).toEqual([['100']])
    vi.advanceTimersByTime(MINUTE_MS)
    await inquiry.ask(['100'])
    expect(server.questions).toHaveLength(2)
  })

  it('paces what strangers cause, many numbers in each question, and forgets nobody', async () => {
    const answers = Array.from({ length: 600 }, async (_, index) => inquiry.ask([`${1_000 + index}`]))
    await vi.advanceTimersByTimeAsync(0)
    expect(server.questions.length).toBeLessThanOrEqual(6)
    await vi.advanceTimersByTimeAsync(MINUTE_MS)
    await Promise.all(answers)
    expect(server.questions.length).toBeLessThanOrEqual(6 + 12)
    expect(server.questions.every((numbers) => numbers.length <= 50)).toBe(true)
    expect(new Set(server.questions.flat())).toHaveLength(600)
  })

  it('does not let a flood of questions grow without bound', async () => {
    server.isSilent = true
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 3_000 }, (_, index) => inquiry.ask([`${1_000 + index}`])),
      vi.advanceTimersByTimeAsync(10 * MINUTE_MS),
    ])
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(3_000)
    expect(server.questions.flat().length).toBeLessThanOrEqual(1_001)
  })

  it('rejects when WhatsApp does not answer, is away, or goes away', async () => {
    server.isSilent = true
    await expect(inquiry.ask(['100'])).rejects.toThrow('did not say')
    isConnected = false
    await expect(inquiry.ask(['100'])).rejects.toThrow('not connected')
    isConnected = true
    const pending = Array.from({ length: 10 }, async (_, index) => inquiry.ask([`${index}5`]))
    const settled = Promise.allSettled(pending)
    inquiry.stop()
    await vi.advanceTimersByTimeAsync(MINUTE_MS)
    expect((await settled).every(({ status }) => status === 'rejected')).toBe(true)
  })

  it('asks for the numbers that may talk: what is not known, once a day, and a long list slowly', async () => {
    confirmed.set('100', Date.now())
    inquiry.want(['1', '100', '101'])
    await vi.advanceTimersByTimeAsync(0)
    expect(server.questions).toEqual([['101']])
    // WhatsApp has no LID for it; that is asked again after an hour.
    inquiry.want(['101'])
    await vi.advanceTimersByTimeAsync(0)
    expect(server.questions).toHaveLength(1)
    vi.setSystemTime(Date.now() + DAY_MS)
    inquiry.want(['100', '101'])
    await vi.advanceTimersByTimeAsync(0)
    expect(server.questions.at(-1)).toEqual(['100', '101'])
    const many = Array.from({ length: 22_000 }, (_, index) => `${10_000 + index}`)
    inquiry.want(many)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(server.questions.flat()).toHaveLength(3 + 1_000)
    await vi.advanceTimersByTimeAsync(60 * MINUTE_MS)
    expect(new Set(server.questions.flat())).toHaveLength(2 + 22_000)
    // A LID that nobody knows makes us look again, but not with every message.
    const asked = server.questions.length
    let looks = 0
    for (let round = 0; round < 100; round += 1) {
      await inquiry.wantAgain(() => {
        looks += 1
        return []
      })
    }
    expect(looks).toBe(1)
    expect(server.questions).toHaveLength(asked)
  })

  it('says when everybody who may talk was gone through, and whether WhatsApp answered', async () => {
    const many = Array.from({ length: 2_000 }, (_, index) => `${10_000 + index}`)
    let isThrough = false
    const through = inquiry.wantAgain(() => many).then(() => (isThrough = true))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(isThrough).toBe(false)
    await vi.advanceTimersByTimeAsync(3 * MINUTE_MS)
    await through
    expect(server.questions.flat()).toHaveLength(2_000)
    // One question without an answer is enough, also for those who ask again at once.
    server.isSilent = true
    const failed = inquiry.wantAgain(() => ['100'])
    await expect(failed).rejects.toThrow('did not say')
    await expect(inquiry.wantAgain(() => ['100'])).rejects.toThrow('did not say')
    server.isSilent = false
    await vi.advanceTimersByTimeAsync(MINUTE_MS)
    await inquiry.wantAgain(() => ['100'])
    await vi.advanceTimersByTimeAsync(MINUTE_MS)
    const interrupted = inquiry.wantAgain(() => ['101'])
    inquiry.stop()
    await expect(interrupted).rejects.toThrow('the connection ended')
    isConnected = false
    await expect(inquiry.wantAgain(() => [])).rejects.toThrow('not connected')
  })

  it('looks a long list up a part at a time, and stops when the connection ends', async () => {
    let looked = 0
    const now = Date.now()
    const slow = new LidInquiry({
      directory: {
        learn: () => {},
        confirmedAt: () => {
          looked += 1
          return now
        },
        ownNumber: null,
      },
      socket: () => server.socket,
      now: () => now,
    })
    slow.want(Array.from({ length: 22_000 }, (_, index) => `${10_000 + index}`))
    expect(looked).toBeLessThanOrEqual(250)
    await vi.advanceTimersByTimeAsync(1)
    expect(looked).toBeGreaterThan(250)
    await vi.advanceTimersByTimeAsync(MINUTE_MS)
    expect(looked).toBe(22_000)
    slow.want(Array.from({ length: 22_000 }, (_, index) => `${10_000 + index}`))
    slow.stop()
    await vi.advanceTimersByTimeAsync(MINUTE_MS)
    expect(looked).toBe(22_250)
  })
})
