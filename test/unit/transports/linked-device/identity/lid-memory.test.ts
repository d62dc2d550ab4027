import { DEFAULT_CONNECTION_CONFIG } from '@whiskeysockets/baileys'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { replaceLidMemory } from '../../../../../src/transports/linked-device/identity/lid-memory.ts'

const NUMBER = '15550000002'
const LID = '20000000000002'

/** Baileys' own repository over keys that answer when they are told to. */
function makeRepository(
  answer: () => Promise<void>,
): ReturnType<typeof DEFAULT_CONNECTION_CONFIG.makeSignalRepository> {
  const stored: Record<string, string> = { [NUMBER]: LID, [`${LID}_reverse`]: NUMBER }
  const keys = {
    get: async (_type: string, ids: string[]) => {
      await answer()
      return Object.fromEntries(ids.flatMap((id) => (stored[id] === undefined ? [] : [[id, stored[id]]])))
    },
    set: () => Promise.resolve(),
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
  const known = new Map([[NUMBER, LID]])
  const directory = {
    lidOf: (number: string) => known.get(number) ?? null,
    numberOf: (lid: string) => (lid === LID && known.size > 0 ? NUMBER : null),
  }
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('leaves no timer behind, also when a look-up outlives its socket', async () => {
    let resume = (): void => {}
    const held = new Promise<void>((resolve) => {
      resume = resolve
    })
    const repository = makeRepository(() => held)
    replaceLidMemory(repository.lidMapping, directory)
    const lookup = repository.lidMapping.getLIDForPN(`${NUMBER}@s.whatsapp.net`)
    repository.close?.()
    resume()
    expect(await lookup).toBe(`${LID}@lid`)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is the directory, in both directions, whatever an envelope had stored', async () => {
    const { lidMapping } = makeRepository(() => Promise.resolve())
    replaceLidMemory(lidMapping, directory)
    await lidMapping.storeLIDPNMappings([{ lid: '99@lid', pn: `${NUMBER}@s.whatsapp.net` }])
    expect(await lidMapping.getLIDForPN(`${NUMBER}@s.whatsapp.net`)).toBe(`${LID}@lid`)
    expect(await lidMapping.getPNForLID(`${LID}@lid`)).toBe(`${NUMBER}:0@s.whatsapp.net`)
    expect(await lidMapping.getPNForLID('99@lid')).toBeNull()
  })

  it('is looked for where it was', () => {
    const { lidMapping } = makeRepository(() => Promise.resolve())
    Reflect.deleteProperty(lidMapping, 'mappingCache')
    expect(() => replaceLidMemory(lidMapping, directory)).toThrow('not where it was')
  })
})
