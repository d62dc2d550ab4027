import { withDeadline } from '../../../timing/deadline.ts'
import type { ReplyPart } from '../../agent.ts'
import { AgentError } from '../../agent-error.ts'
import { AnswerSize } from '../../answers/answer-size.ts'
import type { AcpFailures } from './acp-failures.ts'
import type { AcpSession } from './acp-sessions.ts'
import type { AcpRun } from './acp-supervisor.ts'
import type { OpenPrompt } from './open-prompt.ts'
import { markOf, missedSince, promptBlocks } from './prompt-blocks.ts'
import { turnUsage } from './session-usage.ts'

const WITHDRAWN = 'Earlier instructions of your operator hold no longer.'
/** Behind an answer that the agent did not finish. */
const CUT_MARK = '…'

export interface AnswerPromptDeps {
  failures: AcpFailures
  /** The operator's words for this agent. */
  systemPrompt: string | null
  model: string | null
  /** How long the agent may take to let go of a prompt that nobody waits for. */
  cancelTimeoutMs: number
  /** The run cannot be used any more. */
  replace: (run: AcpRun) => void
  /** Another run is to be used from now on; this one still answers somebody. */
  relieve: (run: AcpRun) => void
  /** The next prompt of the conversation may come. */
  over: () => void
}

/**
 * Asks in the session of the prompt's conversation and streams the text of the answer. Throws `AgentError`, or the reason of the prompt's
 * signal, promptly; the agent is told then to stop, and `over` is called when it has, or after `cancelTimeoutMs`.
 */
export async function* answerPrompt(
  run: AcpRun,
  prompt: OpenPrompt,
  deps: AnswerPromptDeps,
): AsyncGenerator<ReplyPart, void, void> {
  let asked: Asked | null = null
  let session: AcpSession | null = null
  try {
    session = await run.sessions.of(prompt)
    await run.sessions.useModel(session, prompt.turn.model ?? deps.model, prompt.signal)
    asked = await ask(run, session, prompt, deps)
    yield* partsOf(prompt, deps.failures)
    const answer = await asked.answer
    const { used, after } = turnUsage(answer, prompt.updates.usage, session.usage)
    session.usage = after
    if (used !== null) yield used
    yield* ending(answer['stopReason'], prompt, deps.failures)
  } catch (error) {
    if (asked === null && isTimeout(error) && !prompt.signal.aborted) {
      if (session !== null) session.prompt = null
      // It hangs. While it works on another prompt it may only be busy: the limit of that one says more.
      if (run.sessions.isIdle) deps.replace(run)
    }
    prompt.isLost = run.process.hasEnded || (asked !== null && isForgotten(error))
    if (prompt.isLost && session !== null && !run.process.hasEnded) run.sessions.drop(session)
    throw error
  } finally {
    void letGo(run, session, asked, deps).then(deps.over)
  }
}

/** Throws `AgentError` where it is too long. */
async function* partsOf(
  { updates }: OpenPrompt,
  failures: AcpFailures,
): AsyncGenerator<ReplyPart, void, void> {
  const size = new AnswerSize()
  for await (const piece of updates.answer.read()) {
    const part: ReplyPart = typeof piece === 'string' ? { type: 'delta', text: piece } : piece
    size.add(part)
    if (size.isTooLarge) throw failures.tooLong()
    yield part
  }
}

interface Asked {
  answer: Promise<Record<string, unknown>>
  /** Resolves when the agent is done with it, well or not. */
  settled: Promise<void>
  isSettled: boolean
}

async function ask(
  { process }: AcpRun,
  session: AcpSession,
  prompt: OpenPrompt,
  { systemPrompt }: AnswerPromptDeps,
): Promise<Asked> {
  const { turn, signal, updates } = prompt
  const said = [systemPrompt, turn.instructions].filter((text) => text !== null)
  const instructions = said.length === 0 ? null : said.join('\n\n')
  const mark = markOf(instructions)
  const earlier = session.isNew ? turn.history : missedSince(turn.history, session.seenUntil)
  const blocks = await promptBlocks(turn, {
    // The agent remembers those that it was told.
    instructions: mark === session.instructions ? null : (instructions ?? WITHDRAWN),
    earlier,
    abilities: process.abilities,
  })
  signal.throwIfAborted()
  const answer = process.request('session/prompt', { sessionId: session.id, prompt: blocks })
  signal.addEventListener('abort', () => updates.answer.fail(signal.reason), { once: true })
  const asked: Asked = { answer, settled: Promise.resolve(), isSettled: false }
  asked.settled = answer
    .then(
      () => {
        updates.answer.complete()
        session.isNew = false
        session.instructions = mark
        const times = [...earlier.map(({ at }) => at), ...turn.messages.map(({ sentAt }) => sentAt)]
        session.seenUntil = Math.max(session.seenUntil, ...times.map((at) => at.getTime()))
      },
      (error: unknown) => updates.answer.fail(error),
    )
    .finally(() => {
      asked.isSettled = true
    })
  return asked
}

/** Never rejects. */
async function letGo(
  run: AcpRun,
  session: AcpSession | null,
  asked: Asked | null,
  deps: AnswerPromptDeps,
): Promise<void> {
  if (session === null) return
  if (asked !== null && !asked.isSettled && !run.process.hasEnded) {
    // Not awaited: it is written behind the prompt, which an agent that hangs does not read.
    void run.process.notify('session/cancel', { sessionId: session.id })
    const isLate = await withDeadline(
      asked.settled.then(() => false),
      deps.cancelTimeoutMs,
      () => true,
    )
    if (isLate) run.sessions.abandon(session)
  }
  session.prompt = null
  if (!session.isNew && run.sessions.called(session.id) === session) run.sessions.remember(session)
  if (run.sessions.isWornOut) deps.replace(run)
  else if (run.sessions.isOverdue) deps.relieve(run)
}

/** What follows the text, by the reason for which the agent stopped. An unknown reason is an end like others. */
function* ending(
  reason: unknown,
  { updates }: OpenPrompt,
  failures: AcpFailures,
): Generator<ReplyPart, void, void> {
  if (reason === 'cancelled') throw failures.cancelled()
  if (reason === 'refusal' && !updates.hasText) throw failures.refused()
  if (reason !== 'max_tokens' && reason !== 'max_turn_requests') return
  if (!updates.hasText) throw failures.noText(reason)
  // Thoughts come apart from the text: what is cut is an answer.
  yield { type: 'delta', text: CUT_MARK }
}

function isTimeout(error: unknown): boolean {
  return error instanceof AgentError && error.code === 'timeout'
}

function isForgotten(error: unknown): boolean {
  return error instanceof AgentError && error.code === 'not_found'
}
