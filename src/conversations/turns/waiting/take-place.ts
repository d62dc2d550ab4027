import { AgentAway } from '../../../agents/agent-away.ts'
import type { AnsweringAgent } from '../../../agents/agent.ts'
import type { Places } from '../../../timing/places.ts'
import type { Typing } from '../../replies/typing.ts'
import type { Routing } from '../../routing/routing.ts'
import { conversationOf } from '../../store/conversation-store.ts'
import type { InboxRow } from '../../store/inbox-store.ts'
import type { TurnRow } from '../turn-store.ts'

export interface TakePlaceDependencies {
  routing: Pick<Routing, 'take'>
  agentFor: (id: string) => AnsweringAgent
  /** Those of the account, for all of its agents. */
  places: Places
  typing: Pick<Typing, 'end'>
}

interface TurnPlace {
  /** Who answers, with which model, and what is asked. */
  routed: ReturnType<Routing['take']>
  agent: AnsweringAgent
  /** Gives the place back. */
  leave: () => void
}

/**
 * Waits for a place at the agent that answers these messages, then for one of the account. Where the config has another agent by then, the
 * wait begins again at that one. While it waits, the chat shows no "typing…". `asks` is told whom it waits for. Rejects with `AgentAway`,
 * with the reason of an aborted `signal`, or with `misconfigured` where the config has no such agent.
 */
export async function takePlace(
  deps: TakePlaceDependencies,
  turn: { row: TurnRow; rows: readonly InboxRow[]; signal: AbortSignal; asks: (agent: string) => void },
): Promise<TurnPlace> {
  const { routing, agentFor, places, typing } = deps
  const { row, rows, signal, asks } = turn
  for (;;) {
    const routed = routing.take(conversationOf(row), rows)
    asks(routed.agent)
    const agent = agentFor(routed.agent)
    requireHere(agent)
    const waits = setImmediate(() => typing.end(row.conversation))
    const leave = await placeAt(agent, places, signal).finally(() => clearImmediate(waits))
    try {
      if (isInForce(agent, routed.agent, agentFor)) {
        requireHere(agent)
        return { routed, agent, leave }
      }
    } catch (error) {
      leave()
      throw error
    }
    leave()
  }
}

async function placeAt(agent: AnsweringAgent, places: Places, signal: AbortSignal): Promise<() => void> {
  const leaveAgent = await agent.place?.(signal)
  try {
    const leaveAccount = await places.take(signal)
    return () => {
      leaveAccount()
      leaveAgent?.()
    }
  } catch (error) {
    leaveAgent?.()
    throw error
  }
}

function isInForce(agent: AnsweringAgent, id: string, agentFor: (id: string) => AnsweringAgent): boolean {
  try {
    return agentFor(id) === agent
  } catch {
    // The config has it no more: another one answers.
    return false
  }
}

function requireHere({ presence }: AnsweringAgent): void {
  if (presence?.isHere() === false) throw new AgentAway()
}
