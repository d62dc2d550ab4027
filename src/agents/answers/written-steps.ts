import type { z } from 'zod'
import { type AnswerJson, answerItemSchema, answerJsonSchema } from '../../protocol/agent/answer-json.ts'
import { isRecord } from '../../protocol/is-record.ts'
import type { ReplyItem, ReplyUsage } from '../agent.ts'

/**
 * A step of an answer. `badData`: a piece of a file that cannot be read, so that the file cannot either. `lostPiece`: something was refused
 * before it got here, which may have been a piece of the file that comes.
 */
export type AnswerStep =
  | AnswerJson
  | Extract<ReplyItem, { type: 'unusable' }>
  | ReplyUsage
  | { type: 'badData'; why: string }
  | { type: 'lostPiece' }

const ITEM_TYPES: ReadonlySet<unknown> = new Set(
  answerItemSchema.options.map(({ shape }) => shape.type.value),
)
/** Every `type` that is read in an answer. */
const KNOWN_TYPES: ReadonlySet<unknown> = new Set(['delta', 'done', 'fail', ...ITEM_TYPES])

/**
 * The steps that a value of `answerJsonSchema` stands for: one, or more for a `done` with a text or a usage. Something besides words whose fields
 * are wrong is a step that says so: the words around it are still an answer. `null` where it is no step.
 */
export function writtenSteps(value: unknown): AnswerStep[] | null {
  const { data, error } = answerJsonSchema.safeParse(value)
  if (data === undefined) return unusableStep(value, error)
  if (data.type !== 'done') return [data]
  const { type, text = '', usage } = data
  return [
    ...(text === '' ? [] : [{ type: 'delta' as const, text }]),
    ...(usage === undefined ? [] : [{ type: 'usage' as const, ...usage }]),
    { type },
  ]
}

function unusableStep(value: unknown, error: z.ZodError): AnswerStep[] | null {
  if (!isRecord(value)) return null
  // As servers of models stream them between two words.
  if (value['type'] === 'delta' && (value['text'] ?? null) === null) return []
  if (!ITEM_TYPES.has(value['type'])) return null
  // Names of fields that we know; what stands in them is the assistant's.
  const place = error.issues[0]?.path.join('.') ?? ''
  const why = `In a step "${String(value['type'])}" of the answer the field "${place}" is missing or wrong.`
  if (value['type'] === 'data') return [{ type: 'badData', why }]
  if (value['type'] === 'contact_field') return [{ type: 'unusable', why, isHidden: true }]
  const { caption } = value
  return [{ type: 'unusable', why, ...(typeof caption === 'string' && { caption }) }]
}

/** Whether it is a step of a kind that is not read here, as programs for a later version may write it. It is passed over. */
export function isOtherStep(value: unknown): boolean {
  return isRecord(value) && typeof value['type'] === 'string' && !KNOWN_TYPES.has(value['type'])
}
