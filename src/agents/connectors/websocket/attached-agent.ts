import { AGENT_FAILURES } from '../../../protocol/account/agent-failures.ts'
import { AgentAway } from '../../agent-away.ts'
import type { Agent, Presence, ReplyPart, Turn } from '../../agent.ts'
import { withTimeLimit } from '../../answers/with-time-limit.ts'
import type { Attachments } from '../../attachments/attachments.ts'

export interface AttachedAgentOptions {
  place: { account: string; agent: string }
  /** `null` where no program can attach: outside of the daemon. */
  attachments: Attachments | null
  timeoutSeconds: number
  waitSeconds: number
}

/** An agent that is whatever program is attached to it. Its time for a turn counts from the hand-out. */
export class AttachedAgent implements Agent {
  readonly textFormat = 'markdown'
  readonly timeoutMs: number
  /** It is told of the file. */
  readonly hears = (): boolean => true
  readonly presence: Presence
  readonly #options: AttachedAgentOptions

  constructor(options: AttachedAgentOptions) {
    const { attachments, place, timeoutSeconds, waitSeconds } = options
    this.#options = options
    this.timeoutMs = timeoutSeconds * 1_000
    this.presence = { isHere: () => attachments?.isHere(place) ?? false, tellAfterMs: waitSeconds * 1_000 }
  }

  async *reply(turn: Turn, signal: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    const { attachments, place, timeoutSeconds } = this.#options
    if (attachments === null) throw new AgentAway()
    yield* withTimeLimit((limited) => attachments.hand(place, turn, limited), {
      signal,
      timeoutSeconds,
      agent: place.agent,
    })
  }

  health(): ReturnType<NonNullable<Agent['health']>> {
    const { attachments, place } = this.#options
    if (attachments === null || attachments.isHere(place)) return { ok: true, message: null }
    const code = 'not_attached'
    const message = `no assistant is attached to the agent "${place.agent}"`
    const since = attachments.awaySince(place)
    return { ok: false, message, failure: { code, action: AGENT_FAILURES[code].action, since } }
  }
}
