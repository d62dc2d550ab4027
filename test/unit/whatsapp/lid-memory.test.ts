import { DEFAULT_CONNECTION_CONFIG } from '@whiskeysockets/baileys'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { limitLidMemory } from '../../../src/whatsapp/lid-memory.ts'

const NUMBER = '15550000002'
const LID = '20000000000002'

/** Baileys' own repository over keys that answer when they are told to. */
function makeRepository(
  answer: () => Promise<void>,
): ReturnType<typeof DEFAULT_CONNECTION_CONFIG.makeSignalRepository> {
  let stored: Record<string, string> = { [NUMBER]: LID, [`${LID}_reverse`]: NUMBER }
  const keys = {
    get: async (_type: string, ids: string[]) => {
      await answer()
      return Object.fromEntries(ids.flatMap((id) => (stored[id] === undefined ? [] : [[id, stored[id]]])))
    },
    set: (data: { 'lid-mapping'?: Record<string, string> }) => {
      stored = { ...stored, ...data['lid-mapping'] }
      return Promise.resolve()
    },
    isInTransaction: () => false,
    transaction: <T>(work: () => Promise<T>) => work(),
  }
  return DEFAULT_CONNECTION_CONFIG.makeSignalRepository(
    // Looking up LIDs takes nothing else of them.
    { creds: {}, keys } as unknown as Parameters<typeof DEFAULT_CONNECTION_CONFIG.makeSignalRepository>[0],
    pino({ level: 'silent' }),
  )
}

// A look-up was waiting for the disk when its connection ended, and filled the emptied memory: two timers of three days
// stayed behind each time, and a thousand reconnects left dozens of them.
describe("Baileys' memory of LIDs", () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('leaves no timer behind, also when a look-up outlives its socket', async () => {
    let resume = (): void => {}
    const held = new Promise<void>((resolve) => {
      resume = resolve
    })
    const repository = makeRepository(() => held)
    limitLidMemory(repository.lidMapping, Date.now)
    const lookup = repository.lidMapping.getLIDForPN(`${NUMBER}@s.whatsapp.net`)
    repository.close?.()
    resume()
    expect(await lookup).toBe(`${LID}@lid`)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is asked before the disk, and emptied with the socket', async () => {
    let reads = 0
    const repository = makeRepository(() => {
      reads += 1
      return Promise.resolve()
    })
    limitLidMemory(repository.lidMapping, Date.now)
    const { lidMapping } = repository
    await lidMapping.getLIDForPN(`${NUMBER}@s.whatsapp.net`)
    expect(await lidMapping.getPNForLID(`${LID}@lid`)).toBe(`${NUMBER}:0@s.whatsapp.net`)
    expect(reads).toBe(1)
    repository.close?.()
    await lidMapping.getLIDForPN(`${NUMBER}@s.whatsapp.net`)
    expect(reads).toBe(2)
  })

  it('is looked for where it was', () => {
    const { lidMapping } = makeRepository(() => Promise.resolve())
    Reflect.deleteProperty(lidMapping, 'mappingCache')
    expect(() => limitLidMemory(lidMapping, Date.now)).toThrow('not where it was')
  })
})
