import { isRecord } from '../../../protocol/is-record.ts'
import type { ReplyUsage } from '../../agent.ts'
import { replyUsage } from '../../answers/reply-usage.ts'
import { AnswerText } from './answer-text.ts'
import { blockItem } from './block-item.ts'

/** Tool calls of one prompt that are remembered for questions about them; the newest ones. */
const MAX_TOOL_CALLS = 100

/**
 * What an agent tells while it works on one prompt. Only the words of its answer go to the person: no thoughts, plans, tool calls or
 * usage, and nothing of kinds that are not known.
 */
export class PromptUpdates {
  readonly answer = new AnswerText()
  readonly #toolCalls = new Map<string, Record<string, unknown>>()
  #hasStarted = false
  #hasText = false
  #last = ''
  #message: unknown = undefined
  #isInterrupted = false
  #usage: ReplyUsage | null = null

  /** The agent did or said something: asked again, it might do it twice. */
  get hasStarted(): boolean {
    return this.#hasStarted
  }

  /** There is something to read for the person. */
  get hasText(): boolean {
    return this.#hasText
  }

  /** Tokens that it told with its updates: not in the protocol, but Qwen Code does, for each call of the model. */
  get usage(): ReplyUsage | null {
    return this.#usage
  }

  /** It asks to do something. */
  markStarted(): void {
    this.#hasStarted = true
  }

  /** Takes the `update` of a `session/update`. Resolves when the next one may come. */
  async take(update: unknown): Promise<void> {
    if (!isRecord(update)) return
    const { sessionUpdate: kind, content, messageId, toolCallId, _meta: meta } = update
    this.#count(isRecord(meta) ? meta['usage'] : undefined)
    if (kind === 'agent_message_chunk') return this.#say(content, messageId)
    if (kind !== 'tool_call' && kind !== 'tool_call_update') return
    this.#hasStarted = true
    this.#isInterrupted = true
    if (typeof toolCallId === 'string') this.#remember(toolCallId, update)
  }

  /** Everything that was told of a tool call, the newest words last. */
  toolCall(latest: Record<string, unknown>): Record<string, unknown> {
    const { toolCallId } = latest
    return merged(typeof toolCallId === 'string' ? this.#toolCalls.get(toolCallId) : undefined, latest)
  }

  async #say(content: unknown, message: unknown): Promise<void> {
    if (!isRecord(content)) return
    if (content['type'] !== 'text') return this.#show(content)
    const { text } = content
    if (typeof text !== 'string' || text === '') return
    const isNew = this.#isInterrupted || (message !== undefined && message !== this.#message)
    // Two messages, or words before and after a tool call, are two paragraphs.
    const space = isNew && this.#hasText && !/\n\s*$/.test(this.#last) ? '\n\n' : ''
    this.#isInterrupted = false
    this.#message = message
    this.#last = text
    this.#hasStarted = true
    this.#hasText ||= text.trim() !== ''
    await this.answer.add(space + text)
  }

  async #show(content: Record<string, unknown>): Promise<void> {
    const item = blockItem(content)
    if (item === null) return
    this.#hasStarted = true
    this.#hasText ||= item.type === 'media'
    await this.answer.addItem(item)
  }

  #count(told: unknown): void {
    const usage = replyUsage(told)
    if (usage === null) return
    this.#usage = {
      type: 'usage',
      inputTokens: (this.#usage?.inputTokens ?? 0) + usage.inputTokens,
      outputTokens: (this.#usage?.outputTokens ?? 0) + usage.outputTokens,
    }
  }

  #remember(id: string, update: Record<string, unknown>): void {
    const known = this.#toolCalls.get(id)
    this.#toolCalls.delete(id)
    this.#toolCalls.set(id, merged(known, update))
    const [oldest] = this.#toolCalls.keys()
    if (this.#toolCalls.size > MAX_TOOL_CALLS && oldest !== undefined) this.#toolCalls.delete(oldest)
  }
}

/** An update leaves out what has not changed. */
function merged(
  known: Record<string, unknown> | undefined,
  update: Record<string, unknown>,
): Record<string, unknown> {
  const told = Object.entries(update).filter(([, value]) => value !== undefined && value !== null)
  return { ...known, ...Object.fromEntries(told) }
}
