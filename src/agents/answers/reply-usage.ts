import { isRecord } from '../../protocol/is-record.ts'
import type { ReplyUsage } from '../agent.ts'

/** No answer has more; what is larger is a mistake. */
const MAX_TOKENS = 1_000_000_000
/** As OpenAI's interfaces, Anthropic's, ours and Ollama's call them. */
const INPUT_NAMES = [
  'inputTokens',
  'prompt_tokens',
  'input_tokens',
  'promptTokens',
  'prompt_eval_count',
] as const
const OUTPUT_NAMES = [
  'outputTokens',
  'completion_tokens',
  'output_tokens',
  'completionTokens',
  'eval_count',
] as const

/** How many tokens an object tells, whatever it calls them; `null` where it tells none. */
export function replyUsage(value: unknown): ReplyUsage | null {
  if (!isRecord(value)) return null
  const inputTokens = countIn(value, INPUT_NAMES)
  const outputTokens = countIn(value, OUTPUT_NAMES)
  if (inputTokens === null && outputTokens === null) return null
  return { type: 'usage', inputTokens: inputTokens ?? 0, outputTokens: outputTokens ?? 0 }
}

function countIn(value: Record<string, unknown>, names: readonly string[]): number | null {
  for (const name of names) {
    const count = value[name]
    if (typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= MAX_TOKENS)
      return count
  }
  return null
}
