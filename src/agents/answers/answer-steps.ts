import { isRecord } from '../../protocol/is-record.ts'
import { replyUsage } from './reply-usage.ts'
import { type AnswerStep, writtenSteps } from './written-steps.ts'

/** Under which names programs give the text of an answer; n8n's agents say `output`. */
const TEXT_FIELDS = ['text', 'output', 'answer', 'reply', 'response'] as const
/** In a list, one below the other. */
const MAX_TEXTS = 50

/**
 * The steps of an answer in a JSON value: a step as in `answerJsonSchema`, an object with the whole text, the text itself, or a list of
 * these. `null` where it is none of them.
 */
export function answerSteps(value: unknown): AnswerStep[] | null {
  if (Array.isArray(value)) return stepsOfList(value)
  const steps = writtenSteps(value)
  if (steps !== null) return steps
  const text = wholeText(value)
  if (text === null) return streamedItem(value)
  const usage = replyUsage(isRecord(value) ? value['usage'] : null)
  return writtenSteps({ type: 'done', text, ...(usage && { usage }) })
}

function stepsOfList(values: unknown[]): AnswerStep[] | null {
  if (values.length === 0 || values.length > MAX_TEXTS) return null
  const steps = values.map(writtenSteps)
  if (!steps.includes(null)) return steps.flatMap((each) => each ?? [])
  const texts = values.map(wholeText)
  if (texts.includes(null)) return null
  return answerSteps(texts.join('\n\n'))
}

function wholeText(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (!isRecord(value)) return null
  const field = TEXT_FIELDS.find((name) => typeof value[name] === 'string')
  return field === undefined ? null : String(value[field])
}

/** What a streaming answer of n8n consists of, line by line. */
function streamedItem(value: unknown): AnswerStep[] | null {
  if (!isRecord(value)) return null
  const { type, content } = value
  if (type === 'item' && typeof content === 'string') return [{ type: 'delta', text: content }]
  if (type === 'begin') return []
  return type === 'end' ? [{ type: 'done' }] : null
}
