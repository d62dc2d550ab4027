import type { Config } from '../model.ts'

/** The entry in force that stands in a list of the file as `text`, which refers to a variable; `null` for another text. */
export function entryWrittenAs({ accounts }: Config, text: string | number): string | null {
  if (typeof text !== 'string' || !text.includes('${')) return null
  for (const { entries = {} } of Object.values(accounts)) {
    const entry = Object.hasOwn(entries, text) ? entries[text] : undefined
    if (entry !== undefined) return entry
  }
  return null
}
