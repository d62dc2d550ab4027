import { isRecord } from '../../../protocol/is-record.ts'
import type { ReplyUsage } from '../../agent.ts'
import { replyUsage } from '../../answers/reply-usage.ts'

/** Totals of a session only rise. Numbers that fell so often while the program ran are of single turns. */
const FALLS_OF_TURNS = 2

type TokenTotals = Omit<ReplyUsage, 'type'>

/** What an agent has told of the tokens of a session. */
export interface SessionUsage {
  /** The last totals; `null` where they are not known: the next ones are where counting begins. */
  readonly totals: TokenTotals | null
  /** How often they fell while the program ran. */
  readonly falls: number
}

/** Nothing was said in the session yet. */
export const NO_USAGE: SessionUsage = { totals: { inputTokens: 0, outputTokens: 0 }, falls: 0 }

/**
 * What one turn of a session used, from the answer to `session/prompt`; `null` where the agent does not tell it. `ofUpdates`: what it told
 * with its updates. Numbers of the turn come first: `_meta.usage` of updates (Qwen Code), `_meta.quota.token_count` of the answer (Claude,
 * Codex and Gemini). `usage` of the answer is a total of the session by the protocol's schema, of which the difference counts; where it is
 * less than before, the agent began to count anew.
 */
export function turnUsage(
  answer: Record<string, unknown>,
  ofUpdates: ReplyUsage | null,
  before: SessionUsage,
): { used: ReplyUsage | null; after: SessionUsage } {
  const told = replyUsage(answer['usage'])
  const ofTurn = ofUpdates ?? replyUsage(quotaOf(answer['_meta']))
  if (told === null) return { used: ofTurn, after: before }
  const { type: _, ...totals } = told
  const { used, falls } = difference(told, before)
  return { used: ofTurn ?? used, after: { totals, falls } }
}

function difference(
  told: ReplyUsage,
  { totals, falls }: SessionUsage,
): { used: ReplyUsage | null; falls: number } {
  if (totals === null) return { used: null, falls }
  const isFall = told.inputTokens < totals.inputTokens || told.outputTokens < totals.outputTokens
  if (isFall || falls >= FALLS_OF_TURNS) return { used: told, falls: isFall ? falls + 1 : falls }
  return {
    used: {
      type: 'usage',
      inputTokens: told.inputTokens - totals.inputTokens,
      outputTokens: told.outputTokens - totals.outputTokens,
    },
    falls,
  }
}

function quotaOf(meta: unknown): unknown {
  const quota = isRecord(meta) ? meta['quota'] : undefined
  return isRecord(quota) ? quota['token_count'] : undefined
}
