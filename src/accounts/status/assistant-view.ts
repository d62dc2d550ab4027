import type { PooledAgentHealth } from '../../agents/agent-pool.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { AssistantView } from '../../protocol/account/assistant.ts'
import { cleanLine } from '../../text/bounded-text.ts'

/** An answer may have a hundred accounts. */
const MAX_SENTENCE = 300

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString()

/** How an account's assistant is: the default agent, or another one of its agents that fails. `null` where nothing is known of any. */
export function assistantView(
  { defaultAgent }: Pick<AccountConfig, 'defaultAgent'>,
  agents: readonly PooledAgentHealth[],
): AssistantView | null {
  const standard = agents.find(({ agent }) => agent === defaultAgent)
  const shown = standard?.ok === false ? standard : (agents.find(({ ok }) => !ok) ?? standard)
  if (shown === undefined) return null
  const { agent, connector, ok, since, lastSuccessAt, lastFailure } = shown
  return {
    agent,
    connector,
    ok,
    since: iso(since),
    lastSuccessAt: lastSuccessAt === null ? null : iso(lastSuccessAt),
    lastFailure: lastFailure && {
      at: iso(lastFailure.at),
      code: lastFailure.code,
      message: sentence(lastFailure.message),
      action: cleanLine(lastFailure.action, MAX_SENTENCE),
    },
  }
}

/** Errors say it in the middle of a line, people read it alone. */
function sentence(text: string): string {
  const line = cleanLine(text, MAX_SENTENCE)
  return `${line.slice(0, 1).toUpperCase()}${line.slice(1)}${line.endsWith('.') ? '' : '.'}`
}
