import { AsyncLocalStorage as NodeStorage } from 'node:async_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { AsyncLocalStorage } from '../../../../../src/transports/linked-device/signal/transaction-context.ts'

// Baileys made an AsyncLocalStorage for each socket. Node 20 visits every one that was ever used whenever a promise is made:
// after 300 reconnects a message cost four times the processor time.
describe('the storage that all transactions share', () => {
  it.each([
    ['ours', AsyncLocalStorage],
    ['the original', NodeStorage],
  ] as const)('follows a transaction through promises, timers and errors: %s', async (_name, Storage) => {
    const storage = new Storage<string>()
    expect(storage.getStore()).toBeUndefined()
    const seen: (string | undefined)[] = []
    const work = async (name: string): Promise<void> => {
      await storage.run(name, async () => {
        seen.push(storage.getStore())
        await turn()
        await storage.run(`${name} within`, async () => {
          await turn()
          seen.push(storage.getStore())
        })
        seen.push(storage.getStore())
        throw new Error('failed')
      })
    }
    await Promise.allSettled([work('one'), work('two')])
    expect(seen.toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual([
      'one',
      'one',
      'one within',
      'two',
      'two',
      'two within',
    ])
    expect(storage.getStore()).toBeUndefined()
    expect(storage.run('three', () => storage.getStore())).toBe('three')
  })

  it.each([
    ['ours', AsyncLocalStorage],
    ['the original', NodeStorage],
  ] as const)('keeps the transactions of two sockets apart: %s', async (_name, Storage) => {
    const [first, second] = [new Storage<string>(), new Storage<string>()]
    await first.run('first', async () => {
      await turn()
      expect(second.getStore()).toBeUndefined()
    })
    await Promise.all([
      first.run('a', async () => {
        await turn()
        expect(first.getStore()).toBe('a')
        expect(second.getStore()).toBeUndefined()
      }),
      second.run('b', async () => {
        await turn()
        expect(second.getStore()).toBe('b')
        expect(first.getStore()).toBeUndefined()
      }),
    ])
  })

  // Baileys asks for a privacy token within the send of a message, and awaits the answer nowhere: what it stored went into
  // the cache of a transaction that had ended. No token was ever stored, and every reply asked for one again.
  it.each([
    ['resolves', (): unknown => turn()],
    ['rejects', (): unknown => turn().then(() => Promise.reject(new Error('failed')))],
    ['returns', (): unknown => undefined],
    [
      'throws',
      (): unknown => {
        throw new Error('failed')
      },
    ],
  ] as const)('is left by what nobody awaits as soon as the transaction %s', async (_how, rest) => {
    const storage = new AsyncLocalStorage<string>()
    const seen: (string | undefined)[] = []
    let goOn: () => void = () => {}
    const held = new Promise<void>((resolve) => {
      goOn = resolve
    })
    let forgotten: Promise<void> = Promise.resolve()
    const work = (): unknown => {
      forgotten = (async () => {
        seen.push(storage.getStore())
        await held
        seen.push(storage.getStore())
        await storage.run('its own', async () => {
          await turn()
          seen.push(storage.getStore())
        })
        seen.push(storage.getStore())
      })()
      return rest()
    }
    await Promise.allSettled([(async () => storage.run('transaction', work))()])
    goOn()
    await forgotten
    expect(seen).toEqual(['transaction', undefined, 'its own', undefined])
  })
})
