import type { WASocket } from '@whiskeysockets/baileys'
import { TtlCache } from './ttl-cache.ts'

/** Two a person: by number and by LID. */
const MAX_ENTRIES = 4_000
/** As long as Baileys keeps them. */
const TTL_MS = 3 * 24 * 60 * 60_000

/**
 * Gives Baileys another memory for who has which LID, before it has used its own. That one has no limit, and a timer of
 * three days for each entry; a look-up that outlives its socket fills it after it was emptied for the last time. What is
 * not in it is read from the disk. Throws when Baileys no longer keeps it where it did.
 */
export function limitLidMemory(mapping: WASocket['signalRepository']['lidMapping'], now: () => number): void {
  const own: unknown = Reflect.get(mapping, 'mappingCache')
  if (typeof own !== 'object' || own === null || !('clear' in own)) {
    throw new Error("Baileys' memory of LIDs is not where it was")
  }
  const memory = new TtlCache({ limit: MAX_ENTRIES, ttlMs: TTL_MS, now })
  Reflect.set(mapping, 'mappingCache', {
    get: (key: string) => memory.get(key),
    set: (key: string, value: string) => memory.set(key, value),
    clear: () => memory.flushAll(),
  })
}
