import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { LidRefresh } from '../../../../../src/transports/linked-device/identity/lid-refresh.ts'

const NUMBER = '15550000002'

describe('the mark that a LID is out of date', () => {
  const open = (
    doubted = new Set<string>(),
  ): {
    refresh: LidRefresh
    asked: string[]
    answer: (error?: Error) => void
  } => {
    const asked: string[] = []
    let settle: (error?: Error) => void = () => undefined
    const refresh = new LidRefresh({
      lids: {
        numberOf: (lid) => (lid === '100' ? NUMBER : null),
        doubt: (number) => doubted.add(number),
        isInDoubt: (number) => doubted.has(number),
      },
      ask: (number) => {
        asked.push(number)
        return new Promise((resolve, reject) => {
          settle = (error) => (error === undefined ? resolve() : reject(error))
        })
      },
    })
    return { refresh, asked, answer: (error) => settle(error) }
  }

  it('makes messages to the person wait for the answer, and to nobody else', async () => {
    const { refresh, answer } = open()
    refresh.marked('100@lid')
    const order: string[] = []
    const held = refresh.settled(NUMBER).then(() => order.push('to the person'))
    await refresh.settled('15550000003').then(() => order.push('to another'))
    await refresh.settled(null).then(() => order.push('to nobody known'))
    answer()
    await held
    expect(order).toEqual(['to another', 'to nobody known', 'to the person'])
  })

  it('costs one question for each person and connection, by whichever name and device', async () => {
    const { refresh, asked, answer } = open()
    for (const address of ['100@lid', '100:7@lid', `${NUMBER}@s.whatsapp.net`]) refresh.marked(address)
    answer()
    await refresh.settled(NUMBER)
    refresh.marked('100@lid')
    expect(asked).toEqual([NUMBER])
    refresh.reconnected()
    refresh.marked('100@lid')
    expect(asked).toEqual([NUMBER, NUMBER])
  })

  it('is asked about again by the next message where there was no answer, and nothing goes out before one', async () => {
    const doubted = new Set<string>()
    const { refresh, asked, answer } = open(doubted)
    refresh.marked('100@lid')
    const first = refresh.settled(NUMBER)
    answer(new Error('not connected'))
    expect(await first).toBe(false)
    const second = refresh.settled(NUMBER)
    expect(asked).toHaveLength(2)
    doubted.clear()
    answer()
    expect(await second).toBe(true)
    expect(await refresh.settled(NUMBER)).toBe(true)
    expect(asked).toHaveLength(2)
  })

  it('outlives a restart, and holds nothing up for ever where WhatsApp names no LID', async () => {
    const { refresh, asked, answer } = open(new Set([NUMBER]))
    const held = refresh.settled(NUMBER)
    expect(asked).toEqual([NUMBER])
    answer()
    expect(await held).toBe(true)
    expect(await refresh.settled(NUMBER)).toBe(true)
    expect(asked).toHaveLength(1)
  })

  it('lets a message be tried again later where the answer does not come', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const { refresh } = open()
    refresh.marked('100@lid')
    const held = refresh.settled(NUMBER)
    await vi.advanceTimersByTimeAsync(20_000)
    expect(await held).toBe(false)
  })

  it.each(['999@lid', '', 'x'])('means nothing for %j, whose number is not known', (address) => {
    const { refresh, asked } = open()
    refresh.marked(address)
    expect(asked).toEqual([])
  })
})
