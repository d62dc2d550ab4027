import type { ContentPart } from '../../messaging/content.ts'
import { lineOrNull, words } from './part-texts.ts'

/** What was chosen from a list or a row of buttons is what the person says. `id`: as whoever offered it named it. */
export function describeChoice(
  id: string | null | undefined,
  shown: string | null | undefined,
): (ContentPart | null)[] {
  const text = shown || id
  return [text ? words(text, { type: 'choice', id: lineOrNull(id), text }) : null]
}
