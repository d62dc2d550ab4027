import type { FileHandle } from 'node:fs/promises'
import type { ChatKind } from '../messaging/chat-reference.ts'
import type { MessageDetail } from '../protocol/agent/message-detail.ts'
import type { AgentFailureCode } from '../protocol/account/agent-failures.ts'
import type { AgentCheck } from './agent-check.ts'
import type { AgentError } from './agent-error.ts'

/**
 * One question to the assistant: what arrived in one conversation and what was said before. Names, texts, quotes and file names are
 * words of other people: they prove nothing and are never instructions of the operator.
 */
export interface Turn {
  /** Stable across a crash: the same turn may be seen twice, with this same id. */
  id: string
  account: string
  /** The conversation's key: a group's address, or the sender's E.164 number, or an opaque address while it is unknown. */
  conversation: string
  /** Stable for as long as the conversation exists, also when the person's number becomes known. */
  conversationId: string
  /** Under which an agent keeps what it remembers of this conversation (`conversations/turns/content/session-id.ts`). */
  sessionId: string
  /** Whether others read the answer, too. */
  isGroup: boolean
  /** `name`: what the group is called; `null` where it is not known, and in direct chats. */
  chat: { kind: ChatKind; name: string | null }
  sender: TurnSender
  /** What is known of who is behind the conversation, by the name of the field; left out where nothing is. */
  contact?: Readonly<Record<string, string>>
  /** What to answer, oldest first. */
  messages: TurnMessage[]
  /** Earlier messages, oldest first, for context: of people, of the assistant, and of the account's owner. */
  history: HistoryMessage[]
  /** The operator's own words for this chat, beside those for the agent; `null` for none. */
  instructions: string | null
  /** The model that the person chose; `null`: the agent's own. */
  model: string | null
  /** W3C Trace Context, for servers that are asked over HTTP; left out where there are no traces. */
  traceparent?: string
  /** When the agent is asked. */
  askedAt: Date
  /** Of this machine; an IANA name. */
  timeZone: string
  /** Arrived while the daemon was not connected. */
  catchUp: boolean
  deadline: Date
}

/** Who asks. Number and id are proven, the name is not. */
interface TurnSender {
  /** E.164; `null` while it is unknown. */
  phoneNumber: string | null
  /** `lid:<digits>` or `bsuid:<id>` of a person whose number is unknown. */
  id: string | null
  name: string | null
  /** Whether it is an owner of the account. */
  isOwner: boolean
}

export interface TurnMessage {
  id: string
  /** Whom it mentions is called by name. */
  text: string
  /** As it was written, with the digits that phones put for a name; only where that is another text. */
  written?: string
  sentAt: Date
  /** Whom the text mentions and who is known, each once. */
  mentions: TurnMention[]
  attachments: TurnAttachment[]
  /** What it holds beside words and files, in fields; left out where there is nothing. */
  details?: MessageDetail[]
  /** The message that this one answers, where the sender quoted one. */
  quoted: TurnQuote | null
}

export interface TurnMention {
  name: string | null
  /** E.164; `null` where it is not known. */
  phoneNumber: string | null
  isAssistant: boolean
}

export interface TurnAttachment {
  kind: 'image' | 'audio' | 'video' | 'document' | 'other'
  /** What it is, in words: `voice message, 12 seconds`. */
  what: string
  /** Of the file, as its sender named it. */
  name: string | null
  mimeType: string | null
  /** In bytes, by its sender's word. */
  size: number | null
  /** A file of ours that the agent may read; `null` where there is none. */
  path: string | null
  /** What the bytes of the file show it to be, which may be another type than its sender says; `null` or left out where that is not known. */
  detectedType?: string | null
  /** Why there is no file, as a sentence; `null` or left out where there is one, or nothing is known. */
  problem?: string | null
  /** What is said in it, as a machine heard it; `null` or left out where nobody has listened. */
  transcript?: { text: string } | null
  /** Its sender lets it be seen once. */
  isViewOnce?: true
}

export interface TurnQuote {
  id: string
  /** Its words; `null` where it has none, or where they must not be shown. */
  text: string | null
  /** What it is where it is not only words: `photo`; `null` where it is words alone, or unknown. */
  what: string | null
  /** `stranger`: somebody who is not allowed there, or of whom it cannot be told. */
  from: 'person' | 'assistant' | 'owner' | 'stranger'
  /** Its files, as they were stored when it was said here; never by the quote's word. Left out where there are none. */
  attachments?: TurnAttachment[]
}

export interface HistoryMessage {
  /** `owner`: what the account's owner wrote there by hand; the person sees it as coming from the assistant's number. */
  from: 'person' | 'assistant' | 'owner'
  /** Empty when it was taken back. */
  text: string
  at: Date
  /** The person who wrote it, in groups. */
  sender?: { phoneNumber: string | null; name: string | null }
  /** An earlier turn has shown it to this agent, or it said it: who remembers the conversation need not be told again. */
  seen?: true
  /** Its author changed the text; this is the last one. */
  edited?: true
  /** Its author deleted it. */
  revoked?: true
  /** Emojis that people put to it. */
  reactions?: string[]
}

/** What an answer shows a file as. */
type ReplyFileKind = 'image' | 'voice' | 'audio' | 'video' | 'document' | 'sticker'

/** What an answer consists of besides its words. Each is a message of its own, but for `quote`. */
export type ReplyItem =
  | {
      type: 'media'
      kind: ReplyFileKind
      /** `path`: relative to the agent's directory, or inside of it. */
      file: { path: string } | { data: Uint8Array }
      mimeType?: string | undefined
      name?: string | undefined
      /** Below the picture; Markdown, as the agent's other words. */
      caption?: string | undefined
      /** Of a video: it plays again and again, without sound. */
      loops?: boolean | undefined
    }
  | {
      type: 'location'
      /** In degrees. */
      latitude: number
      longitude: number
      name?: string | undefined
      address?: string | undefined
    }
  | { type: 'contact'; name: string; phoneNumbers: readonly string[] }
  /** `choices`: how many of the options one person may choose; 1 when left out, 0 for any number. */
  | { type: 'poll'; question: string; options: readonly string[]; choices?: number | undefined }
  /**
   * Words, and answers that can be tapped: as buttons or a list where the account's number has these, otherwise as a numbered text. `id` comes
   * back with the answer; without it the title. `button`: what opens a list.
   */
  | {
      type: 'choices'
      text: string
      options: readonly { id?: string | undefined; title: string; description?: string | undefined }[]
      button?: string | undefined
    }
  /** To a message of the conversation; without `messageId` to the last one of the turn. An empty emoji takes it back. */
  | { type: 'reaction'; emoji: string; messageId?: string | undefined }
  /** The next message of the answer quotes this one. */
  | { type: 'quote'; messageId: string }
  /** What the agent has learnt of who is behind the conversation; nobody in the chat sees it. An empty value takes it back. */
  | { type: 'contact_field'; name: string; value: string }
  /**
   * Something that cannot be read. `why`: a sentence for the person who runs the daemon, without words of the answer. `isHidden`: nobody
   * in the chat would have seen it.
   */
  | { type: 'unusable'; why: string; caption?: string | undefined; isHidden?: true }

/**
 * `delta` is appended to the reply under way; `paragraph` boundaries are found by the caller. `isCut`, with the last one: the reply
 * was not finished, and nothing but its text shows whether it is thoughts. An item ends the paragraph before it.
 */
export type ReplyPart = { type: 'delta'; text: string; isCut?: true } | ReplyItem | ReplyUsage

/** What the model read and wrote for the answer, or for a part of it, as its server says. */
export interface ReplyUsage {
  type: 'usage'
  inputTokens: number
  outputTokens: number
}

/** How an agent is. `message` is a sentence for the person who runs it; `null` where nothing is wrong. */
export interface AgentHealth {
  ok: boolean
  message: string | null
}

/** How an agent says that it is, by itself. */
interface OwnHealth extends AgentHealth {
  /** What is wrong, where the table of failures has a row for it, and since when, in milliseconds since 1970. */
  failure?: { code: AgentFailureCode; action: string; since: number }
}

/** A program that comes and goes, and answers while it is here. */
export interface Presence {
  isHere(): boolean
  /** A person who wrote is told after so long, in milliseconds, that the assistant is away. */
  readonly tellAfterMs: number
}

/** A turn of an agent that names no limit of its own ends after this, in milliseconds. */
export const DEFAULT_REPLY_TIMEOUT_MS = 120_000

/**
 * Answers turns, several side by side. An agent with a process or a connection of its own opens it in `start` and closes it in
 * `stop`; the constructor does nothing. Only the pool calls these two.
 */
export interface Agent {
  /** `plain` goes out as it is; `markdown` (also when left out) is translated to WhatsApp's marks. */
  readonly textFormat?: 'plain' | 'markdown'
  /** The longest that a reply may take, in milliseconds; `DEFAULT_REPLY_TIMEOUT_MS` when left out. */
  readonly timeoutMs?: number
  /** Whether answers of this model (`Turn.model`) may begin with thoughts that only a closing mark such as `</think>` ends. */
  mayThinkUnmarked?(model: string | null): boolean
  /**
   * Whether it can make something of one of these files: it hears sound, or is handed files. `true` while that is not known. Asked, behind
   * `start`, where nobody wrote down what is said in them; left out by agents that read text alone, whose people are told so.
   */
  hears?(question: SoundQuestion, signal: AbortSignal): boolean | Promise<boolean>
  /**
   * The names of the models that people could choose, as its server or program said them last, each printable and at most 200 characters
   * long; the config says whether they may.
   */
  offeredModels?(): readonly string[]
  /** Turns wait while it is away; left out by agents that are always asked. */
  readonly presence?: Presence
  /**
   * Opens a file that its answer names by a path, in its own directory; left out by agents that have none on this machine. Rejects with
   * `AgentFileRefused` or `AgentError`. The caller closes it.
   */
  openFile?(path: string): Promise<FileHandle>
  /** What `whatsappd doctor` looks at; each needs no `start`. */
  readonly checks?: readonly AgentCheck[]
  /**
   * The iterable ends when the reply is complete; throwing means the turn failed (`AgentError` says why, in a sentence); an aborted
   * `signal` (deadline, removal from the allowlist, shutdown) must end it promptly. A turn may be seen twice, under the same id.
   * `AgentAway`: it went away before it finished, and the turn waits for it.
   */
  reply(turn: Turn, signal: AbortSignal): AsyncIterable<ReplyPart>
  /** Resolves when turns can be answered. Called before the first turn, and again before the next one after a failure. */
  start?(signal: AbortSignal): Promise<void>
  /** Ends everything that `start` began; the last call. Idempotent. */
  stop?(): Promise<void>
  /** How it is now, from what it knows already. */
  health?(): OwnHealth
}

/** Files with sound, as an agent may be asked with them. */
export interface SoundQuestion {
  /** What the person chose; `null`: the agent's own. */
  model: string | null
  /** Whole paths. */
  sounds: readonly string[]
}

/** An agent as the conversations know it, without its life. */
export interface AnsweringAgent extends Pick<
  Agent,
  | 'textFormat'
  | 'timeoutMs'
  | 'hears'
  | 'mayThinkUnmarked'
  | 'offeredModels'
  | 'presence'
  | 'openFile'
  | 'reply'
> {
  /**
   * A place among those that it answers side by side; resolves when there is one, with the call that gives it back. Rejects with the
   * reason of an aborted `signal`.
   */
  place?(signal: AbortSignal): Promise<() => void>
  /** A reply was used. */
  accepted?(): void
  /** A reply that ended well by itself could not be used. */
  rejected?(error: AgentError): void
}
