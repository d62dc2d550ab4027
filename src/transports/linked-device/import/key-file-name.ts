import type { SignalDataTypeMap } from '@whiskeysockets/baileys'

/** One that begins as another does comes before it. */
const KEY_TYPES = [
  'sender-key-memory',
  'sender-key',
  'session',
  'pre-key',
  'identity-key',
  'app-state-sync-version',
  'app-state-sync-key',
  'lid-mapping',
  'device-list',
  'tctoken',
] as const satisfies readonly (keyof SignalDataTypeMap)[]

export type ImportedKeyType = (typeof KEY_TYPES)[number]

/** `<group>::<user>::<device>`; old groups have a hyphen of their own, in front of the `@`. */
const SENDER_KEY = /^(.+@[a-z.]+)--(\w+)--(\d+)$/

/**
 * Ids as they were before Baileys wrote `/` as `__` and `:` as `-` into the name of a file (7.0.0-rc14,
 * `Utils/use-multi-file-auth-state.js`). Neither can be told from what stood there before without knowing the id's shape:
 * of the types that are not here no id has a slash or a colon.
 */
const ID_OF_NAME: Partial<Record<ImportedKeyType, (name: string) => string | null>> = {
  // Base64, in which there is no underscore.
  'app-state-sync-key': (name) => name.replaceAll('__', '/'),
  'sender-key': (name) => {
    const [, group, user, device] = SENDER_KEY.exec(name) ?? []
    return group === undefined ? null : `${group}::${user}::${device}`
  },
}

/** What the file of Baileys' multi-file store with this name holds; `null` for any other name. */
export function parseKeyFileName(name: string): { type: ImportedKeyType; id: string } | null {
  if (!name.endsWith('.json')) return null
  const type = KEY_TYPES.find((candidate) => name.startsWith(`${candidate}-`))
  if (type === undefined) return null
  const written = name.slice(type.length + 1, -'.json'.length)
  const id = (ID_OF_NAME[type] ?? ((same: string) => same))(written)
  return id === null || id === '' ? null : { type, id }
}
