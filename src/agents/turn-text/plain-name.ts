import { boundedName } from '../../text/bounded-text.ts'
import { withoutMarks } from './without-marks.ts'

/** A name that a person gave themselves, to stand in front of words or among them: one line without marks; `null` where nothing remains. */
export function plainName(name: string): string | null {
  const shown = boundedName(name)
  return shown === null ? null : withoutMarks(shown)
}
