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
import type { Contacts } from '../contact/contacts.ts'
import type { Admission } from '../intake/admission.ts'
import type { MessageClock } from '../message-clock.ts'
import { historyLimit } from '../history/history-limit.ts'
import { readHistory } from '../history/history.ts'
import { memoryKey } from '../history/memory-key.ts'
import { MAX_ITEMS } from '../replies/answer-builder.ts'
import { joinCaptions } from '../replies/join-captions.ts'
import { type ReplyStreamInput, streamReply } from '../replies/reply-stream.ts'
import type { ThoughtHabits } from '../replies/thought-habits.ts'
import type { Routing } from '../routing/routing.ts'
import { type Committed, type CommitGroup, inOrder } from '../store/commit-group.ts'
import type { ChatStates } from '../store/chat-states.ts'
import { type Conversation, conversationOf } from '../store/conversation-store.ts'
import type { GroupTitles } from '../store/group-titles.ts'
import type { HandOvers } from '../store/hand-overs.ts'
import type { InboxRow, InboxStore } from '../store/inbox-store.ts'
import { chatInstructions } from './content/chat-instructions.ts'
import { isAddressed } from './is-addressed.ts'
import { MentionNames } from './content/mention-names.ts'
import type { GatheredFiles } from './files/gather-files.ts'
import { isNothingReadable, type PreparedFiles } from './files/prepare-files.ts'
import type { QuotedFiles, QuotedFilesDependencies } from './files/quoted-files.ts'
import { type QuoteSpeakers, readQuote } from './content/read-quote.ts'
import { sessionId } from './content/session-id.ts'
import { toTurn } from './content/to-turn.ts'
import { type Unheard, type VoiceDependencies, writeDownVoice } from './files/write-down-voice.ts'
import type { UsageStore } from '../usage/usage-store.ts'
import { TurnUsage } from '../usage/turn-usage.ts'
import type { AccountTraces } from '../../observability/traces/account-traces.ts'
import { TurnTrace } from './turn-trace.ts'
import { StorageError } from '../../storage/storage-error.ts'
import { TurnAnswer, type TurnAnswerDependencies } from './turn-answer.ts'
import type { TurnOutcome, TurnRow, TurnStore } from './turn-store.ts'

const CUT = {
  server: 'the answer is cut: its server ended it early, at its limit of tokens or by a filter',
  thought: 'the answer ended inside of a thought: what stood behind the mark that begins it is left out',
  length: 'the answer is cut: it is longer than any that is sent',
  items: `the answer is cut: of files, places and the like at most ${MAX_ITEMS} are sent`,
} as const
const SILENT = 'the assistant gave no text, so nothing was sent'

export interface AnswerTurnDependencies
  extends
    Omit<QuotedFilesDependencies, 'inbox'>,
    Omit<VoiceDependencies, 'inbox' | 'replies'>,
    TurnAnswerDependencies {
  account: string
  database: Database
  inbox: Pick<InboxStore, 'ownerTextsAfter' | 'addTranscript' | 'find'>
  store: TurnStore
  commands: Pick<ChatCommands, 'isOfChat'>
  commits: CommitGroup
  routing: Routing
  chats: Pick<ChatStates, 'of'>
  admission: Pick<Admission, 'isOwner' | 'identify'>
  clock: MessageClock
  /** Whether this person may write there now. */
  isAllowed: (conversation: Conversation, person: string) => boolean
  transport: Pick<Transport, 'capabilities' | 'groupName' | 'identify' | 'identifyMention' | 'ownNumber'>
  config: () => AccountConfig
  habits: ThoughtHabits
  handOvers: HandOvers
  contacts: Pick<Contacts, 'of' | 'setByAgent'>
  titles: GroupTitles
  usage: Pick<UsageStore, 'add'>
  traces?: AccountTraces | undefined
  logger: Logger
  now: () => Date
}

export interface TurnToAnswer {
  row: TurnRow
  /** What is asked, oldest first. */
  asked: readonly InboxRow[]
  /** Of what is asked, and of what it quotes. */
  gathered: GatheredFiles
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
  const trace = new TurnTrace(deps.traces, input)
  try {
    await answerTraced(deps, input, trace)
    trace.end()
  } catch (error) {
    trace.end(error)
    throw error
  }
}

async function answerTraced(
  deps: AnswerTurnDependencies,
  input: TurnToAnswer,
  trace: TurnTrace,
): Promise<void> {
  const { config, commits, habits, transport, logger } = deps
  const { row, id, agent, model, abort, close } = input
  const prepared = await prepare(deps, input)
  if (prepared === null) return
  const { timeoutMs = DEFAULT_REPLY_TIMEOUT_MS } = agent
  const timer = setTimeout(() => abort.abort(late(id, timeoutMs)), timeoutMs)
  const answer = new TurnAnswer(deps, { ...input, signal: abort.signal })
  const used = new TurnUsage(deps)
  try {
    await learnTitle(deps, row)
    // Now: who begins afresh meanwhile does not disturb this turn.
    const { session, contextAfter } = deps.chats.of(row.conversation)
    const memory = memoryOf(deps, input)
    const turn = turnFor(deps, { row, ...prepared, model, timeoutMs, session, contextAfter, memory })
    const rest = await streamReply({
      agent,
      turn: trace.asked(turn),
      signal: abort.signal,
      habits,
      skip: row.paragraphs_out,
      pieces: config().blockStreaming
        ? null
        : (piece) => {
            abort.signal.throwIfAborted()
            commits.now(() => answer.add([piece]))
          },
      prepare: answer.prepare,
      coalesce: coalesceOf(config()),
      cut: (by) => logger.warn({ turn: row.id, agent: id }, CUT[by]),
      used: (told) => used.add(told),
    })
    trace.answered()
    // It may have been ended since the last word came.
    abort.signal.throwIfAborted()
    commits.now(() => {
      const queued = answer.finish(transport.capabilities.isCharged ? joinCaptions(rest) : rest)
      const { hasSaid } = answer
      if (!hasSaid && rest.some(({ kind }) => kind === 'words')) throw nothingToShow(agent)
      if (!hasSaid) logger.warn({ turn: row.id, agent: id }, SILENT)
      used.count(hasSaid)
      return inOrder([
        queued,
        settleHandOver(deps, input, hasSaid),
        close(hasSaid ? 'answered' : 'silent', memory),
      ])
    })
    agent.accepted?.()
  } catch (error) {
    if (!(error instanceof StorageError)) used.countLater()
    throw error
  } finally {
    clearTimeout(timer)
    answer.end()
  }
}

/** The question with its files and what is said in them; `null` where nobody can answer it, and its sender is told so. */
async function prepare(
  deps: AnswerTurnDependencies,
  input: TurnToAnswer,
): Promise<{ asked: readonly InboxRow[]; files: PreparedFiles; quoted: QuotedFiles } | null> {
  const { row, asked: rows, agent, model, abort, gathered } = input
  const { signal } = abort
  const { files, quoted } = gathered
  if (row.paragraphs_out === 0 && isNothingReadable(rows, files)) {
    // Who sent a file that is too large was told so when it came.
    const isTold = rows.every(({ sequence }) =>
      files.get(sequence)?.every(({ problem }) => problem?.code === 'too_large'),
    )
    sayUnanswerable(deps, input, isTold ? null : 'fileFailed')
    return null
  }
  const hears = (sounds: readonly string[]): boolean | Promise<boolean> =>
    agent.hears?.({ model, sounds }, signal) ?? false
  const { rows: asked, unheard } = await writeDownVoice(deps, row, { rows, files, hears, signal })
  signal.throwIfAborted()
  if (unheard === null) return { asked, files, quoted }
  sayUnanswerable(deps, input, unheard)
  return null
}

/** Nobody can answer what nobody can read or hear: the person gets a sentence, and no agent is asked to guess. `null`: they had it. */
function sayUnanswerable(
  deps: AnswerTurnDependencies,
  input: TurnToAnswer,
  notice: Unheard | 'fileFailed' | null,
): void {
  const { row, asked, close } = input
  const memory = memoryOf(deps, input)
  deps.commits.now(() =>
    inOrder([
      notice === null ? undefined : deps.replies.apologise(row, asked, notice),
      close('answered', memory),
    ]),
  )
}

/** Who is asked, and in which session: what an answer is remembered by. */
function memoryOf(
  { config, chats, account }: Pick<AnswerTurnDependencies, 'config' | 'chats' | 'account'>,
  { row, id }: Pick<TurnToAnswer, 'row' | 'id'>,
): string {
  const { session } = chats.of(row.conversation)
  return memoryKey(config(), { agent: id, session: sessionId(account, conversationOf(row), session) })
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
    files,
    quoted,
    model,
    timeoutMs,
    session,
    contextAfter,
    memory,
  }: Pick<TurnToAnswer, 'row' | 'asked' | 'model'> & {
    files: PreparedFiles
    quoted: QuotedFiles
    timeoutMs: number
    session: number
    contextAfter: number
    memory: string
  },
): Turn {
  const { account, config, database, titles, admission, contacts, now } = deps
  const mentions = row.chat_kind === 'group' ? new MentionNames(deps, row.conversation) : null
  const named = (text: string): string => mentions?.named(text) ?? text
  const conversation = conversationOf(row)
  const speakers = speakersIn(deps, row)
  const askedAt = now()
  return toTurn(row, asked, {
    account,
    settings: config(),
    chatName: row.chat_kind === 'group' ? titles.of(row.conversation_name) : null,
    isOwner: (person) => admission.isOwner(person, row.chat_kind === 'group' ? row.conversation_name : null),
    instructions: chatInstructions(conversation, admission.identify(conversation.name), config()),
    model,
    contact: Object.fromEntries(contacts.of(conversation.id).map(({ name, value }) => [name, value])),
    session,
    askedAt,
    deadline: new Date(askedAt.getTime() + timeoutMs),
    named,
    files,
    quotedFiles: quoted,
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

function speakersIn({ transport, isAllowed }: AnswerTurnDependencies, row: TurnRow): QuoteSpeakers {
  const conversation = conversationOf(row)
  return { ownNumber: transport.ownNumber, isAllowed: (person) => isAllowed(conversation, person) }
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
