import type { Logger } from 'pino'
import {
  type AnsweringAgent,
  DEFAULT_REPLY_TIMEOUT_MS,
  type HistoryMessage,
  type Turn,
} from '../../agents/agent.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { Transport } from '../../messaging/transport.ts'
import type { Database } from '../../storage/database/database.ts'
import { AgentError } from '../../agents/agent-error.ts'
import type { ChatCommands } from '../commands/chat-commands.ts'
import type { Admission } from '../intake/admission.ts'
import type { MessageClock } from '../message-clock.ts'
import { historyLimit } from '../history/history-limit.ts'
import { readHistory } from '../history/history.ts'
import { memoryKey } from '../history/memory-key.ts'
import { type ReplyStreamInput, type Said, streamReply } from '../replies/reply-stream.ts'
import type { ThoughtHabits } from '../replies/thought-habits.ts'
import type { ReplyWriter } from '../replies/reply-writer.ts'
import type { Routing } from '../routing/routing.ts'
import { type Committed, type CommitGroup, inOrder } from '../store/commit-group.ts'
import type { ChatStates } from '../store/chat-states.ts'
import { type Conversation, conversationOf } from '../store/conversation-store.ts'
import type { GroupTitles } from '../store/group-titles.ts'
import type { HandOvers } from '../store/hand-overs.ts'
import type { InboxRow, InboxStore } from '../store/inbox-store.ts'
import { chatInstructions } from './chat-instructions.ts'
import { isAddressed } from './is-addressed.ts'
import { MentionNames } from './mention-names.ts'
import { readQuote } from './read-quote.ts'
import { sessionId } from './session-id.ts'
import { toTurn } from './to-turn.ts'
import type { TurnOutcome, TurnRow, TurnStore } from './turn-store.ts'

const CUT = {
  server: 'the answer is cut: its server ended it early, at its limit of tokens or by a filter',
  length: 'the answer is cut: it is longer than any that is sent',
} as const
const SILENT = 'the assistant gave no text, so nothing was sent'

export interface AnswerTurnDependencies {
  account: string
  database: Database
  inbox: Pick<InboxStore, 'ownerTextsAfter'>
  store: TurnStore
  commands: Pick<ChatCommands, 'isOfChat'>
  commits: CommitGroup
  replies: ReplyWriter
  routing: Routing
  chats: Pick<ChatStates, 'of'>
  admission: Pick<Admission, 'isOwner' | 'identify'>
  clock: MessageClock
  /** Whether this person may write there now. */
  isAllowed: (conversation: Conversation, person: string) => boolean
  transport: Pick<Transport, 'groupName' | 'identify' | 'identifyMention' | 'ownNumber'>
  config: () => AccountConfig
  habits: ThoughtHabits
  handOvers: HandOvers
  titles: GroupTitles
  logger: Logger
  now: () => Date
}

export interface TurnToAnswer {
  row: TurnRow
  /** What is asked, oldest first. */
  asked: readonly InboxRow[]
  /** Its id in the config. */
  id: string
  agent: AnsweringAgent
  /** What the person chose; `null`: the agent's own. */
  model: string | null
  /** Aborted from outside, and here when the agent takes too long. */
  abort: AbortController
  /** Inside of a transaction: the turn is over; `memory` is who was asked (`memoryKey`). */
  close: (outcome: TurnOutcome, memory: string) => Committed | undefined
}

/**
 * Asks the agent and puts its answer into the outbox: paragraph by paragraph where the config says so, the last one in the
 * commit that closes the turn. Rejects with the agent's error, with `AgentError` where its text has nothing to show, with why the turn was aborted, or with `StorageError`.
 */
export async function answerTurn(deps: AnswerTurnDependencies, input: TurnToAnswer): Promise<void> {
  const { config, replies, commits, store, habits, logger } = deps
  const { row, asked, id, agent, model, abort, close } = input
  const { timeoutMs = DEFAULT_REPLY_TIMEOUT_MS } = agent
  const timer = setTimeout(() => abort.abort(late(id, timeoutMs)), timeoutMs)
  let paragraphsOut = row.paragraphs_out
  let hasSaid = paragraphsOut > 0
  const addParagraphs = (said: Said, count: number): void => {
    abort.signal.throwIfAborted()
    commits.now(() => {
      const queued = replies.add(row, asked, { ...said, agent: id, first: paragraphsOut === 0 })
      store.addParagraphs(row.id, count)
      hasSaid ||= queued.count > 0
      return queued.committed
    })
    paragraphsOut += count
  }
  try {
    await learnTitle(deps, row)
    // Now: who begins afresh meanwhile does not disturb this turn.
    const { session, contextAfter } = deps.chats.of(row.conversation)
    const memory = memoryKey(config(), {
      agent: id,
      session: sessionId(deps.account, conversationOf(row), session),
    })
    const rest = await streamReply({
      agent,
      turn: turnFor(deps, { row, asked, model, timeoutMs, session, contextAfter, memory }),
      signal: abort.signal,
      habits,
      skip: row.paragraphs_out,
      paragraphs: config().blockStreaming ? null : addParagraphs,
      coalesce: coalesceOf(config()),
      cut: (by) => logger.warn({ turn: row.id, agent: id }, CUT[by]),
    })
    // It may have been ended since the last word came.
    abort.signal.throwIfAborted()
    commits.now(() => {
      const queued = replies.add(row, asked, { ...rest, agent: id, first: paragraphsOut === 0 })
      hasSaid ||= queued.count > 0
      if (!hasSaid && rest.text.trim() !== '') throw nothingToShow(agent)
      if (!hasSaid) logger.warn({ turn: row.id, agent: id }, SILENT)
      return inOrder([
        queued.committed,
        settleHandOver(deps, input, hasSaid),
        close(hasSaid ? 'answered' : 'silent', memory),
      ])
    })
    agent.accepted?.()
  } finally {
    clearTimeout(timer)
  }
}

/** The first question in a group is asked with the group's name, too. */
async function learnTitle(
  { titles, transport, commits }: AnswerTurnDependencies,
  row: TurnRow,
): Promise<void> {
  const { chat_kind, chat, conversation_name: group } = row
  if (chat_kind !== 'group' || titles.of(group) !== null) return
  const name = await transport.groupName(chat)
  if (name === null) return
  commits.now(() => titles.learn(group, name))
}

/**
 * Inside of a transaction: somebody who asked and got no word waits for a person, until somebody answers there. The owner may have done so
 * while the agent worked; words to the daemon answer nobody.
 */
function settleHandOver(
  { handOvers, inbox, commands, now }: AnswerTurnDependencies,
  { row, asked }: TurnToAnswer,
  isAnswered: boolean,
): Committed | undefined {
  if (isAnswered) return handOvers.end(row.conversation)
  // To themselves nobody hands anything over.
  const last = asked.at(-1)
  if (last === undefined || row.chat_kind === 'self' || !isAddressed(row, asked)) return undefined
  const { chat_kind } = row
  const written = inbox.ownerTextsAfter(last)
  if (written.some((text) => !commands.isOfChat({ text, chat_kind }))) return undefined
  return handOvers.begin(row.conversation, now().getTime())
}

function turnFor(
  deps: AnswerTurnDependencies,
  {
    row,
    asked,
    model,
    timeoutMs,
    session,
    contextAfter,
    memory,
  }: Pick<TurnToAnswer, 'row' | 'asked' | 'model'> & {
    timeoutMs: number
    session: number
    contextAfter: number
    memory: string
  },
): Turn {
  const { account, config, database, titles, transport, admission, now } = deps
  const mentions = row.chat_kind === 'group' ? new MentionNames(deps, row.conversation) : null
  const named = (text: string): string => mentions?.named(text) ?? text
  const conversation = conversationOf(row)
  const speakers = {
    ownNumber: transport.ownNumber,
    isAllowed: (person: string): boolean => deps.isAllowed(conversation, person),
  }
  const askedAt = now()
  return toTurn(row, asked, {
    account,
    settings: config(),
    chatName: row.chat_kind === 'group' ? titles.of(row.conversation_name) : null,
    isOwner: (person) => admission.isOwner(person, row.chat_kind === 'group' ? row.conversation_name : null),
    instructions: chatInstructions(conversation, admission.identify(conversation.name), config()),
    model,
    session,
    askedAt,
    deadline: new Date(askedAt.getTime() + timeoutMs),
    named,
    mentioned: (text) => mentions?.mentioned(text) ?? [],
    quoteOf: (message) => {
      const quote = readQuote(database, message, speakers)
      return { ...quote, text: quote.text === null ? null : named(quote.text) }
    },
    readHistory: (before) =>
      historyBefore({ before, after: contextAfter, row, memory }, deps).map((line) => ({
        ...line,
        text: named(line.text),
      })),
  })
}

/** The text was markup that people do not see, such as the call of a tool. */
function nothingToShow(agent: AnsweringAgent): AgentError {
  const error = new AgentError('no_answer', 'the assistant sent markup alone, and no text')
  agent.rejected?.(error)
  return error
}

function late(id: string, timeoutMs: number): AgentError {
  const seconds = timeoutMs / 1_000
  return new AgentError('timeout', `the assistant did not finish within ${seconds} s`, {
    action: `Raise agents.${id}.timeoutSeconds, which is ${seconds}, or use a faster model.`,
  })
}

function historyBefore(
  { before, after, row, memory }: { before: number; after: number; row: TurnRow; memory: string },
  { config, database, routing, clock, admission }: AnswerTurnDependencies,
): HistoryMessage[] {
  const { historyChars: characters } = config()
  const { chat_kind } = row
  const conversation = conversationOf(row)
  const isCommand = (text: string): boolean => routing.isCommand({ text, chat_kind })
  const { offsetMs: clockOffsetMs } = clock
  const limit = historyLimit(conversation, admission.identify(conversation.name), config())
  return readHistory(
    database,
    { conversation, after, before, limit, clockOffsetMs, characters, memory },
    isCommand,
  )
}

function coalesceOf({ coalesce, textChunkLimit }: AccountConfig): ReplyStreamInput['coalesce'] {
  return coalesce && { ...coalesce, maxChars: coalesce.maxChars ?? textChunkLimit }
}
