import { TEXT_LIMITS } from '../protocol/text-limits.ts'
import { cleanLine } from './clean-line.ts'

/** A name that somebody gave themself, as one printable line; `null` where nothing of it can be seen. */
export function boundedName(name: string): string | null {
  return cleanLine(name, TEXT_LIMITS.name) || null
}
