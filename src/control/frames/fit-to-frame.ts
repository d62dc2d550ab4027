import type { z } from 'zod'
import { TEXT_LIMITS } from '../../protocol/text/text-limits.ts'
import type { Truncated } from '../../protocol/truncated.ts'
import { cleanLine, cutText } from '../../text/bounded-text.ts'
import { FrameSurvey } from './frame-survey.ts'

/** Room for the list of what is not whole. */
const NOTE_BYTES = 16 * 1_024
const MAX_NOTES = 40
const MAX_PATH_LENGTH = 80

/** A value that fits, and what it lost for that. */
export interface Fitted {
  value: unknown
  /** `null` when nothing was lost. */
  truncated: Truncated | null
}

/**
 * `value` in at most `maxBytes` of JSON, the note of what it lost included. First long texts are cut, then lists lose their
 * last entries, the longest list first; lists that say who may talk and which accounts there are come last. `schema` tells
 * maps from objects whose every field must stay. Values that fit come back as they are.
 */
export function fitToFrame(value: unknown, schema: z.ZodType, maxBytes: number): Fitted {
  const text = JSON.stringify(value)
  if (Buffer.byteLength(text) <= maxBytes) return { value, truncated: null }
  const notes = new Map<string, { total: number; kept: number }>()
  const note = (path: string, total: number, kept: number): void => {
    const known = notes.get(path) ?? { total: 0, kept: 0 }
    notes.set(path, { total: known.total + total, kept: known.kept + kept })
  }
  // A copy: the value may be shared.
  const copy = cutTexts(JSON.parse(text), '', note)
  const survey = new FrameSurvey(copy, schema)
  survey.shrinkTo(maxBytes - NOTE_BYTES)
  for (const { path, total, kept } of survey.shortened) note(path, total, kept)
  return { value: copy, truncated: toTruncated(notes) }
}

function cutTexts(
  value: unknown,
  path: string,
  note: (path: string, total: number, kept: number) => void,
): unknown {
  if (typeof value === 'string') {
    if (value.length <= TEXT_LIMITS.sentence) return value
    const cut = cutText(value, TEXT_LIMITS.sentence)
    note(path, value.length, cut.length)
    return cut
  }
  if (Array.isArray(value)) return value.map((entry) => cutTexts(entry, `${path}[]`, note))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(
    ([key, inner]) => [key, cutTexts(inner, path === '' ? key : `${path}.${key}`, note)] as const,
  )
  return Object.fromEntries(entries)
}

function toTruncated(notes: ReadonlyMap<string, { total: number; kept: number }>): Truncated {
  return [...notes]
    .slice(0, MAX_NOTES)
    .map(([path, counts]) => ({ path: cleanLine(path, MAX_PATH_LENGTH), ...counts }))
}
