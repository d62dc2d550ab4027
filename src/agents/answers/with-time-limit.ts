import { AgentError } from '../agent-error.ts'
import type { ReplyPart } from '../agent.ts'

interface TimeLimit {
  signal: AbortSignal
  timeoutSeconds: number
  /** Its id in the config. */
  agent: string
}

/** A reply that ends with `AgentError` (`timeout`) after so long, and with the reason of `signal` when that is aborted. */
export async function* withTimeLimit(
  reply: (signal: AbortSignal) => AsyncIterable<ReplyPart>,
  { signal, timeoutSeconds, agent }: TimeLimit,
): AsyncGenerator<ReplyPart, void, void> {
  const timeout = AbortSignal.timeout(timeoutSeconds * 1_000)
  try {
    yield* reply(AbortSignal.any([signal, timeout]))
  } catch (error) {
    // The caller's own reason says more than what the aborted work throws.
    signal.throwIfAborted()
    if (!timeout.aborted) throw error
    throw new AgentError('timeout', `the assistant did not finish within ${timeoutSeconds} s`, {
      action: `Raise agents.${agent}.timeoutSeconds, which is ${timeoutSeconds}, or make the assistant faster.`,
    })
  }
}
