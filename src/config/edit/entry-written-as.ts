import type { Config } from '../model.ts'

const LISTED = /^(?:allowFrom|groupAllowFrom)\.(.+)$/

/** The entry in force that stands in a list of the file as `text`, which refers to a variable; `null` for another text. */
export function entryWrittenAs({ accounts }: Config, text: string | number): string | null {
  if (typeof text !== 'string' || !text.includes('${')) return null
  for (const { written = {} } of Object.values(accounts)) {
    for (const [path, each] of Object.entries(written)) {
      const entry = each === text ? LISTED.exec(path)?.[1] : undefined
      if (entry !== undefined) return entry
    }
  }
  return null
}
