import type { AnswerJson } from '../../protocol/agent/answer-json.ts'
import { AgentError } from '../agent-error.ts'
import { readEventStream } from '../http/event-stream.ts'
import { answerSteps } from './answer-steps.ts'

/** Many times the longest reply that is sent on. */
const MAX_WHOLE_BYTES = 1_048_576
const MAX_LINES_BYTES = 20_000_000
const LINES = /^application\/(?:x-ndjson|jsonl|jsonlines|json-lines|stream\+json)$/
const JSON_TYPE = /^application\/(?:json|.+\+json)$/

/** A body that carries an answer. */
export interface AnswerBody {
  /** Its `Content-Type`; `null` without one. */
  contentType: string | null
  bytes: AsyncIterable<Uint8Array>
}

/**
 * The steps of an answer, as they arrive: of JSON Lines and of an event stream one by one, of a JSON value or a text at its end. A text
 * without a type is JSON where it looks like it. Throws `AgentError` (`bad_answer`; `interrupted` where steps end before the answer does), and what
 * reading the body throws.
 */
export async function* readAnswer({
  contentType,
  bytes,
}: AnswerBody): AsyncGenerator<AnswerJson, void, void> {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (type === 'text/html') throw bad('an HTML page instead of an answer')
  if (type === 'text/event-stream') yield* stepsOfLines(readEventStream(bytes))
  else if (LINES.test(type)) yield* stepsOfLines(readLines(bytes))
  else if (JSON_TYPE.test(type)) yield* stepsOfJson(await readWhole(bytes))
  else if (type === '' || type.startsWith('text/')) yield* stepsOfText(await readWhole(bytes), type)
  else throw bad('something that is neither JSON nor a text')
}

async function* stepsOfLines(lines: AsyncIterable<string>): AsyncGenerator<AnswerJson, void, void> {
  for await (const line of lines) {
    if (line.trim() === '') continue
    const steps = line.trim() === '[DONE]' ? [{ type: 'done' } as const] : stepsOfLine(line)
    yield* steps
    if (isComplete(steps)) return
  }
  throw endedEarly()
}

function stepsOfLine(line: string): AnswerJson[] {
  const steps = answerSteps(parsed(line))
  if (steps === null) throw bad('a line that is no step of an answer')
  return steps
}

function* stepsOfJson(text: string): Generator<AnswerJson, void, void> {
  const value = parsed(text)
  if (value === undefined && /\n\s*[{[]/.test(text.trim())) {
    // Lines under the label of JSON, as n8n streams.
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    return yield* untilComplete(lines.flatMap(stepsOfLine))
  }
  const steps = answerSteps(value)
  if (steps === null) throw bad('JSON without the text of an answer')
  yield* untilComplete(steps)
}

/** All of them. Throws `AgentError` at their end where none says that the answer is complete. */
function* untilComplete(steps: AnswerJson[]): Generator<AnswerJson, void, void> {
  yield* steps
  if (!isComplete(steps)) throw endedEarly()
}

function isComplete(steps: readonly AnswerJson[]): boolean {
  return steps.some(({ type }) => type !== 'delta')
}

function* stepsOfText(text: string, type: string): Generator<AnswerJson, void, void> {
  if (type === '' && /^\s*[{["]/.test(text)) return yield* stepsOfJson(text)
  yield* answerSteps(text) ?? []
}

async function readWhole(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.length
    if (length > MAX_WHOLE_BYTES) throw bad('more than any answer has')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder()
  let rest = ''
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.length
    if (length > MAX_LINES_BYTES) throw bad('more than any answer has')
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > MAX_WHOLE_BYTES) throw bad('a line without end')
    yield* lines
  }
  yield rest + decoder.decode()
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function endedEarly(): AgentError {
  return new AgentError('interrupted', 'the answer ended before the step that says that it is complete')
}

function bad(what: string): AgentError {
  return new AgentError('bad_answer', `the assistant sent ${what}`, {
    action:
      'Let the webhook answer with {"text": "…"}. Where its service answers every request at once, before there is an answer, set the agent\'s answer to "later".',
  })
}
