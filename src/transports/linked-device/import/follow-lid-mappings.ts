import type { SignalDataSet } from '@whiskeysockets/baileys'

/** In an address of Signal, `<user>_1.<device>` is a device under its LID and `<user>.<device>` one under its number. */
const BY_NUMBER = /^(\d+)\.(\d+)$/
const REVERSE_SUFFIX = '_reverse'
/** What belongs to one device of somebody. */
const TYPES = ['session', 'identity-key'] as const

/**
 * The keys with each session under the LID that the directory's own mapping gives its number, as Baileys would move it with
 * the next message (7.0.0-rc14, `migrateSession`). A session under the LID already is the newer one. Whose LID it is
 * proves nothing here: a wrong one makes messages unreadable until they are sent again, and no more.
 */
export function followLidMappings(keys: SignalDataSet): SignalDataSet {
  const lids = keys['lid-mapping'] ?? {}
  const lidOf = (number: string): string | null => {
    const lid = lids[number]
    // One that is contradicted in the other direction is none.
    return lid && (lids[`${lid}${REVERSE_SUFFIX}`] ?? number) === number ? lid : null
  }
  const moved = { ...keys }
  for (const type of TYPES) {
    const values: Record<string, unknown> = { ...keys[type] }
    for (const [address, value] of Object.entries(values)) {
      const [, number = '', device] = BY_NUMBER.exec(address) ?? []
      const lid = lidOf(number)
      if (lid === null) continue
      const target = `${lid}_1.${device}`
      values[target] ??= value
      Reflect.deleteProperty(values, address)
    }
    // The same values, some of them under another address.
    moved[type] = values as Record<string, Uint8Array>
  }
  return moved
}
