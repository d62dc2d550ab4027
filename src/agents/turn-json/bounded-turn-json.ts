import type { TurnJson } from '../../protocol/agent/turn-json.ts'
import type { Turn } from '../agent.ts'
import { AgentError } from '../agent-error.ts'
import { toTurnJson, type UrlOf } from './turn-json.ts'

/**
 * A turn whose JSON has at most `maxBytes`: the oldest of its history is left out where it would have more. Throws `AgentError`
 * (`turn_too_large`) where the question alone has more.
 */
export function boundedTurnJson(turn: Turn, maxBytes: number, urlOf?: UrlOf): TurnJson {
  const whole = toTurnJson(turn, urlOf)
  let room = maxBytes - bytesOf({ ...whole, history: [] })
  if (room < 0)
    throw new AgentError(
      'turn_too_large',
      `the question has more than the ${Math.floor(maxBytes / 1_024)} KiB that an assistant is handed at once`,
    )
  // Each with its comma.
  const firstKept = whole.history.findLastIndex((message) => (room -= bytesOf(message) + 1) < 0) + 1
  return { ...whole, history: whole.history.slice(firstKept) }
}

function bytesOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value))
}
