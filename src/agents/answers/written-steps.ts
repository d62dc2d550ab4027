import { type AnswerJson, answerJsonSchema } from '../../protocol/agent/answer-json.ts'

/** The steps that a value of `answerJsonSchema` stands for: one, or two for a `done` with a text. `null` where it is none. */
export function writtenSteps(value: unknown): AnswerJson[] | null {
  const { data } = answerJsonSchema.safeParse(value)
  if (data === undefined) return null
  if (data.type !== 'done') return [data]
  const { type, text = '' } = data
  return [...(text === '' ? [] : [{ type: 'delta' as const, text }]), { type }]
}
