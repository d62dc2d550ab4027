import { isRecord } from '../../../protocol/is-record.ts'
import type { ReplyItem, ReplyUsage } from '../../agent.ts'
import { replyUsage } from '../../answers/reply-usage.ts'
import { answerImages } from './answer-images.ts'
import { type Finish, toFinish } from './finish-reason.ts'
import { isReportedError, toReportedError } from '../../openai/reported-error.ts'

/** What one JSON value of an answer says: a chunk of a stream, or a whole answer. */
export interface CompletionPiece {
  /** `false`: this is no part of a chat completion that we know. */
  isKnown: boolean
  text: string
  /** Pictures that the model made. */
  images: readonly ReplyItem[]
  /** The model's own words for that it does not answer. */
  refusal: string
  /** The text is all of it. */
  isWhole: boolean
  /** The text is a part of a stream. */
  isDelta: boolean
  hasThoughts: boolean
  asksForTool: boolean
  finish: Finish | null
  /** What the model read and wrote, where the server says so. */
  usage: ReplyUsage | null
}

const NOTHING: CompletionPiece = {
  isKnown: false,
  text: '',
  images: [],
  refusal: '',
  isWhole: false,
  isDelta: false,
  hasThoughts: false,
  asksForTool: false,
  finish: null,
  usage: null,
}
/** Kinds of content blocks whose `text` is for the person; one without a kind is, too. */
const TEXT_BLOCKS: readonly unknown[] = ['text', 'output_text', undefined]
const THOUGHT_KEYS = ['reasoning_content', 'reasoning', 'reasoning_details', 'thinking', 'thinking_blocks']

/**
 * One chunk of a stream, or a whole answer, by the shapes that servers give them: content as a text or as blocks, `text` of older
 * completions, Ollama's own `message`. Throws `AgentError` for an error, wherever it stands.
 */
export function readCompletion(value: unknown): CompletionPiece {
  if (!isRecord(value)) return NOTHING
  if (isReportedError(value)) throw toReportedError(value, null)
  const { choices, message, done, done_reason } = value
  if (Array.isArray(choices))
    return { ...readChoice(choices[0]), isKnown: true, usage: replyUsage(value['usage']) }
  // Ollama's own answers have no choices.
  if (!isRecord(message)) return NOTHING
  const finish = toFinish(done_reason) ?? (done === true ? 'complete' : null)
  return {
    ...readSpeech(message),
    isWhole: done === undefined,
    isDelta: done === false,
    isKnown: true,
    finish,
    usage: replyUsage(value),
  }
}

function readChoice(choice: unknown): CompletionPiece {
  if (!isRecord(choice)) return NOTHING
  if (isReportedError({ ...choice, choices: [choice] })) throw toReportedError(choice, null)
  const { delta, message, text, finish_reason } = choice
  const finish = toFinish(finish_reason)
  // Some servers send both, one of them empty.
  const isDelta =
    isRecord(delta) && (!isNothing(delta['content']) || isNothing(isRecord(message) && message['content']))
  if (isRecord(message) && !isDelta) {
    return { ...readSpeech(message), isWhole: true, finish }
  }
  return { ...readSpeech(isDelta ? delta : { content: text }), isDelta, finish }
}

function readSpeech(speech: Record<string, unknown>): CompletionPiece {
  const { content, refusal, tool_calls, function_call } = speech
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [content]
  return {
    ...NOTHING,
    text: blocks.map(textOf).join(''),
    images: answerImages(speech),
    refusal: [refusal, ...blocks.map((block) => isRecord(block) && block['refusal'])]
      .filter((words) => typeof words === 'string')
      .join(''),
    hasThoughts: THOUGHT_KEYS.some((key) => isSomething(speech[key])) || blocks.some(isThought),
    asksForTool: isSomething(tool_calls) || isRecord(function_call),
  }
}

/** Of one content block; empty for thoughts, pictures and kinds that are not known. */
function textOf(block: unknown): string {
  if (typeof block === 'string') return block
  if (!isRecord(block) || !TEXT_BLOCKS.includes(block['type']) || block['thought'] === true) return ''
  const { text } = block
  if (typeof text === 'string') return text
  return isRecord(text) && typeof text['value'] === 'string' ? text['value'] : ''
}

function isThought(block: unknown): boolean {
  return isRecord(block) && (block['thought'] === true || /think|reason/.test(String(block['type'])))
}

function isNothing(content: unknown): boolean {
  return content === undefined || content === null || content === '' || content === false
}

function isSomething(value: unknown): boolean {
  return (typeof value === 'string' || Array.isArray(value)) && value.length > 0
}
