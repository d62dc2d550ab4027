import { describe, expect, it } from 'vitest'
import { ServiceMessages } from '../../../../src/cli/serve/service-messages.ts'

/** A service manager that takes each message when it is told to. */
class SlowManager {
  readonly taken: (readonly string[])[] = []
  #take: (() => void) | null = null

  readonly send = (fields: readonly string[]): Promise<void> =>
    new Promise((resolve) => {
      this.#take = () => {
        this.taken.push(fields)
        resolve()
      }
    })

  async take(): Promise<void> {
    await Promise.resolve()
    const take = this.#take
    this.#take = null
    take?.()
    await new Promise(setImmediate)
  }
}

describe('messages to the service manager', () => {
  it('go one at a time, and of what came meanwhile the newest of each', async () => {
    const manager = new SlowManager()
    const messages = new ServiceMessages(manager.send)
    messages.set({ READY: '1' })
    messages.set({ STATUS: 'one' })
    await Promise.resolve()
    for (const status of ['two', 'three', 'four']) messages.set({ STATUS: status, WATCHDOG: '1' })
    await manager.take()
    messages.set({ STOPPING: '1' })
    await manager.take()
    await manager.take()
    await manager.take()
    expect(manager.taken).toEqual([['READY=1', 'STATUS=one'], ['STATUS=four', 'WATCHDOG=1'], ['STOPPING=1']])
    await messages.sent()
  })

  it('say a status once, and a sign of life each time', async () => {
    const manager = new SlowManager()
    const messages = new ServiceMessages(manager.send)
    for (let sign = 0; sign < 3; sign++) {
      messages.set({ STATUS: 'the same', WATCHDOG: '1' })
      await manager.take()
    }
    messages.set({ STATUS: 'the same' })
    await messages.sent()
    expect(manager.taken).toEqual([['STATUS=the same', 'WATCHDOG=1'], ['WATCHDOG=1'], ['WATCHDOG=1']])
  })
})
