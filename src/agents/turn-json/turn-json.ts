import type { TurnJson } from '../../protocol/agent/turn-json.ts'
import type { HistoryMessage, Turn, TurnMessage } from '../agent.ts'
import { localTime } from '../turn-text/local-time.ts'

/** A turn as connectors send it that speak JSON: `turnJsonSchema`. Reads the turn's history. */
export function toTurnJson(turn: Turn): TurnJson {
  const { id, account, conversation, conversationId, sessionId, isGroup, chat, sender } = turn
  const { messages, history, instructions, model, askedAt, timeZone, catchUp, deadline } = turn
  return {
    type: 'turn',
    id,
    account,
    conversation,
    conversationId,
    sessionId,
    isGroup,
    chat: { ...chat },
    sender: { ...sender },
    messages: messages.map(toMessageJson),
    history: history.map(toHistoryJson),
    instructions,
    model,
    localTime: localTime(askedAt, timeZone),
    timeZone,
    catchUp,
    deadline: deadline.toISOString(),
  }
}

function toMessageJson({ sentAt, ...message }: TurnMessage): TurnJson['messages'][number] {
  return { ...message, sentAt: sentAt.toISOString() }
}

function toHistoryJson({ at, ...message }: HistoryMessage): TurnJson['history'][number] {
  return { ...message, at: at.toISOString() }
}
