import { AgentError } from '../agent-error.ts'
import { readEventStream } from '../http/event-stream.ts'
import { answerSteps } from './answer-steps.ts'
import { MAX_STEP_BYTES } from './file-data.ts'
import { parseStep } from './parse-step.ts'
import { type AnswerStep, isOtherStep } from './written-steps.ts'

/** Of a text: many times the longest reply that is sent on. */
const MAX_TEXT_BYTES = 1_048_576
const MAX_LINES_BYTES = 4 * MAX_STEP_BYTES
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
}: AnswerBody): AsyncGenerator<AnswerStep, void, void> {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (type === 'text/html') throw bad('an HTML page instead of an answer')
  if (type === 'text/event-stream') yield* stepsOfLines(readEventStream(bytes))
  else if (LINES.test(type)) yield* stepsOfLines(readLines(bytes))
  else if (JSON_TYPE.test(type)) yield* stepsOfJson(await readWhole(bytes, MAX_STEP_BYTES))
  else if (type === '' || type.startsWith('text/'))
    yield* stepsOfText(await readWhole(bytes, MAX_TEXT_BYTES), type)
  else throw bad('something that is neither JSON nor a text')
}

async function* stepsOfLines(lines: AsyncIterable<string>): AsyncGenerator<AnswerStep, void, void> {
  for await (const line of lines) {
    if (line.trim() === '') continue
    const steps = line.trim() === '[DONE]' ? [{ type: 'done' } as const] : stepsOfLine(line)
    yield* steps
    if (isComplete(steps)) return
  }
  throw endedEarly()
}

function stepsOfLine(line: string): AnswerStep[] {
  const value = parseStep(line)
  const steps = answerSteps(value) ?? (isOtherStep(value) ? [] : null)
  if (steps === null) throw bad('a line that is no step of an answer')
  return steps
}

function* stepsOfJson(text: string): Generator<AnswerStep, void, void> {
  const value = parseStep(text)
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
function* untilComplete(steps: AnswerStep[]): Generator<AnswerStep, void, void> {
  yield* steps
  if (!isComplete(steps)) throw endedEarly()
}

function isComplete(steps: readonly AnswerStep[]): boolean {
  return steps.some(({ type }) => type === 'done' || type === 'fail')
}

function* stepsOfText(text: string, type: string): Generator<AnswerStep, void, void> {
  if (type === '' && /^\s*[{["]/.test(text)) return yield* stepsOfJson(text)
  yield* answerSteps(text) ?? []
}

async function readWhole(bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.length
    if (length > maxBytes) throw bad('more than any answer has')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder()
  /** Of the line under way: it is searched once, however many chunks it comes in. */
  let pieces: string[] = []
  let pending = 0
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.length
    if (length > MAX_LINES_BYTES) throw bad('more than any answer has')
    const lines = decoder.decode(chunk, { stream: true }).split('\n')
    const rest = lines.pop() ?? ''
    for (const line of lines) {
      yield pieces.join('') + line
      pieces = []
      pending = 0
    }
    pieces.push(rest)
    pending += rest.length
    if (pending > MAX_STEP_BYTES) throw bad('a line without end')
  }
  yield pieces.join('') + decoder.decode()
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
