import type { WASocket } from '@whiskeysockets/baileys'
import type { LidDirectory } from './lid-directory.ts'

/**
 * Gives Baileys the directory in the place of its own memory of who has which LID, before it has used that. Its own keeps
 * what envelopes say, has no limit, and a timer of three days for each entry. Throws when Baileys no longer keeps it
 * where it did.
 */
export function replaceLidMemory(
  mapping: WASocket['signalRepository']['lidMapping'],
  directory: Pick<LidDirectory, 'lidOf' | 'numberOf'>,
): void {
  const own: unknown = Reflect.get(mapping, 'mappingCache')
  if (typeof own !== 'object' || own === null || !('clear' in own)) {
    throw new Error("Baileys' memory of LIDs is not where it was")
  }
  Reflect.set(mapping, 'mappingCache', {
    get: (key: string) => {
      const [kind, digits = ''] = key.split(':')
      return (kind === 'pn' ? directory.lidOf(digits) : directory.numberOf(digits)) ?? undefined
    },
    // The directory learns from WhatsApp's answers alone.
    set: () => undefined,
    clear: () => undefined,
  })
}
