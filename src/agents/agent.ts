/** One question to the assistant: what arrived in one conversation and what was said before. */
export interface Turn {
  /** Stable across a crash: the same turn may be seen twice, with this same id. */
  id: string
  account: string
  /** The conversation's key: a group's address, or the sender's E.164 number, or an opaque address while it is unknown. */
  conversation: string
  /** Whether others read the answer, too. */
  isGroup: boolean
  sender: { phoneNumber: string | null; name: string | null }
  /** What to answer, oldest first. */
  messages: TurnMessage[]
  /** Earlier messages of both sides, oldest first, for context. */
  history: HistoryMessage[]
  /** Arrived while the daemon was not connected. */
  catchUp: boolean
  deadline: Date
}

export interface TurnMessage {
  id: string
  text: string
  sentAt: Date
  /** The message that this one answers, where the sender quoted one. */
  quoted: { id: string; text: string | null } | null
}

export interface HistoryMessage {
  role: 'user' | 'assistant'
  /** Empty when it was taken back. */
  text: string
  at: Date
  /** Who wrote it, in groups. */
  sender?: { phoneNumber: string | null; name: string | null }
  /** Its author changed the text; this is the last one. */
  edited?: true
  /** Its author deleted it. */
  revoked?: true
  /** Emojis that people put to it. */
  reactions?: string[]
}

/** `delta` is appended to the reply under way; `paragraph` boundaries are found by the caller. */
export type ReplyPart = { type: 'delta'; text: string }

/**
 * Answers a turn. The iterable ends when the reply is complete; throwing means the turn failed; an aborted `signal`
 * (deadline, removal from the allowlist, shutdown) must end it promptly.
 */
export interface Agent {
  /** `plain` goes out as it is; `markdown` (also when left out) is translated to WhatsApp's marks. */
  readonly textFormat?: 'plain' | 'markdown'
  reply(turn: Turn, signal: AbortSignal): AsyncIterable<ReplyPart>
}
