import type { TurnJson } from '../../protocol/agent/turn-json.ts'
import type { HistoryMessage, Turn, TurnAttachment, TurnMessage } from '../agent.ts'
import { localTime } from '../turn-text/local-time.ts'

/** Where a file can be fetched; `null` where nobody offers it. */
export type UrlOf = (file: TurnAttachment) => string | null

/** A turn as connectors send it that speak JSON: `turnJsonSchema`. Reads the turn's history. */
export function toTurnJson(turn: Turn, urlOf: UrlOf = () => null): TurnJson {
  const { id, account, conversation, conversationId, sessionId, isGroup, chat, sender } = turn
  const { contact, messages, history, instructions, model, askedAt, timeZone, catchUp, deadline } = turn
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
    ...(contact !== undefined && { contact: { ...contact } }),
    messages: messages.map((message) => toMessageJson(message, urlOf)),
    history: history.map(toHistoryJson),
    instructions,
    model,
    localTime: localTime(askedAt, timeZone),
    timeZone,
    catchUp,
    deadline: deadline.toISOString(),
  }
}

function toMessageJson(message: TurnMessage, urlOf: UrlOf): TurnJson['messages'][number] {
  const { sentAt, attachments, quoted, ...rest } = message
  const withUrl = (file: TurnAttachment): TurnJson['messages'][number]['attachments'][number] => {
    const url = urlOf(file)
    return url === null ? file : { ...file, url }
  }
  return {
    ...rest,
    sentAt: sentAt.toISOString(),
    attachments: attachments.map(withUrl),
    quoted: quoted?.attachments ? { ...quoted, attachments: quoted.attachments.map(withUrl) } : quoted,
  }
}

function toHistoryJson({ at, ...message }: HistoryMessage): TurnJson['history'][number] {
  return { ...message, at: at.toISOString() }
}
