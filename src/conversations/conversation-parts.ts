import { agentCommand } from './commands/agent-command.ts'
import { ChatCommands } from './commands/chat-commands.ts'
import { CHAT_COMMANDS, commandNamed, nearCommand } from './commands/registry.ts'
import type { ConversationsDependencies } from './conversations-dependencies.ts'
import { ReadReceipts } from './history/read-receipts.ts'
import { Hook } from './hook.ts'
import { Admission } from './intake/admission.ts'
import { BlockedSenders } from './intake/blocked-senders.ts'
import { ConversationMerges } from './intake/conversation-merges.ts'
import { DroppedMessages } from './intake/dropped-messages.ts'
import { HeldMessages } from './intake/held-messages.ts'
import { Intake } from './intake/intake.ts'
import { OwnerWords } from './intake/owner-words.ts'
import { Pauses } from './intake/pauses.ts'
import { Reception } from './intake/reception.ts'
import { Revisions } from './intake/revisions.ts'
import { SkippedMessages } from './intake/skipped-messages.ts'
import { type Resolution, UnresolvedSenders } from './intake/unresolved-senders.ts'
import { LoopBreaker } from './outbox/loop-breaker.ts'
import { OutboxStore } from './outbox/outbox-store.ts'
import { Outbox } from './outbox/outbox.ts'
import { Pairing } from './pairing/pairing.ts'
import { PairingAdmin } from './pairing/pairing-admin.ts'
import { PairingStore } from './pairing/pairing-store.ts'
import { Pace } from './outbox/pace.ts'
import { AckReactions } from './reactions/ack-reactions.ts'
import { AckStore } from './reactions/ack-store.ts'
import { MessageClock } from './message-clock.ts'
import { Notices } from './notices/notices.ts'
import { sentencesIn } from './notices/sentences-in.ts'
import { OwnerQuestions } from './permissions/owner-questions.ts'
import { contentOf } from './replies/quote.ts'
import { publishWithNames } from './publish-with-names.ts'
import { ReplyWriter } from './replies/reply-writer.ts'
import { Typing } from './replies/typing.ts'
import { ChosenAgents } from './routing/chosen-agents.ts'
import { ChosenModels } from './routing/chosen-models.ts'
import { Routing } from './routing/routing.ts'
import { ChatStates } from './store/chat-states.ts'
import { CommitGroup } from './store/commit-group.ts'
import { type Conversation, ConversationStore } from './store/conversation-store.ts'
import { GroupTitles } from './store/group-titles.ts'
import { HandOvers } from './store/hand-overs.ts'
import { InboxStore } from './store/inbox-store.ts'
import { ChatWork } from './turns/chat-work.ts'
import { WaitingLines } from './turns/waiting-lines.ts'
import { TurnQueue } from './turns/turn-queue.ts'
import { TurnStore } from './turns/turn-store.ts'
import { Turns } from './turns/turns.ts'
import { Withdrawal } from './turns/withdrawal.ts'

/** Enough to restore the pace of the last hour. */
const MAX_RECENT_REACTIONS = 1_000

export type ConversationParts = ReturnType<typeof buildParts>

/** Makes the parts of one account's conversations and connects them; nothing starts yet. `taken`: a message was taken in. */
export function buildParts(given: ConversationsDependencies, taken: () => void) {
  const titles = new GroupTitles(given.database)
  const deps = { ...given, publish: publishWithNames(given.publish, titles) }
  const stores = { ...openStores(deps), titles }
  const outgoing = buildOutgoing(deps, stores)
  const answering = buildAnswering(deps, stores, outgoing)
  const incoming = buildIncoming(deps, { stores, outgoing, answering, taken })
  return { ...stores, ...outgoing, ...answering, ...incoming }
}

type Stores = ReturnType<typeof openStores> & { titles: GroupTitles }
type Outgoing = ReturnType<typeof buildOutgoing>
type Answering = ReturnType<typeof buildAnswering>

function openStores(deps: ConversationsDependencies) {
  const { database, transport, config, logger, now } = deps
  const inbox = new InboxStore(database)
  const pairing = new PairingStore(database)
  const clock = new MessageClock(deps)
  return {
    clock,
    pauses: new Pauses(database, clock),
    skipped: new SkippedMessages(deps),
    commits: new CommitGroup(database, (error) =>
      logger.error({ err: error }, 'the disk refused to store what became of messages'),
    ),
    conversations: new ConversationStore(database),
    inbox,
    outboxStore: new OutboxStore(database),
    turnStore: new TurnStore(database),
    ackStore: new AckStore(database),
    chosen: new ChosenAgents(database),
    models: new ChosenModels(database),
    chats: new ChatStates(database),
    sentences: () => sentencesIn(config().language),
    handOvers: new HandOvers(database, deps.attentionChanged),
    held: new HeldMessages(database),
    blocked: new BlockedSenders(database),
    pairing,
    admission: new Admission({ inbox, transport, pairing, config, now }),
  }
}

/** What is said: outbox, replies, "typing…" and read receipts. */
function buildOutgoing(deps: ConversationsDependencies, stores: Stores) {
  const { transport, config, random, database } = deps
  const { inbox, ackStore, admission, commits } = stores
  const settled = new Hook<number>()
  const pace = new Pace(() => config().pace, random)
  const outbox = new Outbox({
    ...deps,
    store: stores.outboxStore,
    commits,
    pace,
    isAllowed: (row) => admission.allowsReply(row),
    contentOf: (row) => contentOf(inbox, row),
    otherSends: () => ackStore.recentSends(MAX_RECENT_REACTIONS),
    settled: settled.call,
  })
  const typing = new Typing(transport)
  const loops = new LoopBreaker()
  const unanswered = new Hook<number>()
  const replies = new ReplyWriter({
    ...deps,
    outbox,
    notices: new Notices(database, stores.sentences),
    loops,
    typing,
    markFailed: unanswered.call,
  })
  settled.attach((conversation) => replies.settled(conversation))
  const receipts = new ReadReceipts(transport, () => config().sendReadReceipts)
  return { outbox, pace, typing, loops, replies, receipts, settled, unanswered }
}

/** What commands decide: who answers whom, what an agent may do, and who may write. */
function buildDecisions(deps: ConversationsDependencies, stores: Stores, outgoing: Outgoing) {
  const { chosen, models, commits, admission } = stores
  const routing = new Routing({
    chosen,
    models,
    commits,
    admission,
    config: deps.config,
    commands: { commandNamed, nearCommand, choosing: agentCommand.name },
  })
  const questions = new OwnerQuestions({ ...deps, ...stores, ...outgoing })
  const requests = new Pairing({ ...deps, ...stores, ...outgoing })
  const pairingAdmin = new PairingAdmin({ ...deps, ...stores, requests })
  return { routing, questions, requests, pairingAdmin }
}

/** Who is asked: turns, agents, commands, and the reactions that say "seen". */
function buildAnswering(deps: ConversationsDependencies, stores: Stores, outgoing: Outgoing) {
  const { config } = deps
  const { inbox, commits, turnStore, ackStore, admission } = stores
  const { outbox, replies } = outgoing
  const decisions = buildDecisions(deps, stores, outgoing)
  const { routing } = decisions
  const opened = new Hook<void>()
  const closed = new Hook<void>()
  const isAllowed = (conversation: Conversation, person: string): boolean =>
    admission.allows(conversation, person)
  const queue = new TurnQueue({
    ...deps,
    inbox,
    turns: turnStore,
    commits,
    routing,
    debounceMs: () => config().debounceMs,
    opened: opened.call,
  })
  const commands = new ChatCommands({
    ...deps,
    ...stores,
    ...outgoing,
    ...decisions,
    commands: CHAT_COMMANDS,
    // Turns know the commands, and some commands end turns.
    work: { state: (id) => work.state(id), stop: (id, person) => work.stop(id, person) },
  })
  const waitingLines = new WaitingLines({ ...deps, store: turnStore, replies, commits })
  const turns = new Turns({
    ...deps,
    ...stores,
    ...outgoing,
    store: turnStore,
    queue,
    routing,
    commands,
    waitingLines,
    isAllowed,
    closed: closed.call,
  })
  const work = new ChatWork({ inbox, queue, turns, outbox })
  opened.attach(() => turns.wake())
  const acks = new AckReactions({ ...deps, ...outgoing, store: ackStore, commits, turns, isAllowed })
  outgoing.unanswered.attach((inbox) => acks.markFailed(inbox))
  closed.attach(() => acks.wake())
  outgoing.settled.attach(() => acks.wake())
  const withdrawal = new Withdrawal({ ...stores, ...outgoing, queue, turns, config })
  return { ...decisions, queue, commands, turns, waitingLines, acks, withdrawal }
}

/** What arrives: the verdict on it, and its place in the inbox. */
function buildIncoming(
  deps: ConversationsDependencies,
  parts: { stores: Stores; outgoing: Outgoing; answering: Answering; taken: () => void },
) {
  const { stores, outgoing, answering, taken } = parts
  const { outboxStore, ackStore } = stores
  const shared = { ...deps, ...stores, ...outgoing, ...answering }
  const { turns, outbox, receipts, loops, queue } = shared
  const resolved = new Hook<Resolution>()
  const droppedMessages = new DroppedMessages(deps)
  const unresolved = new UnresolvedSenders({
    ...shared,
    resolved: resolved.call,
    dropped: (count) => droppedMessages.add(count),
  })
  const merges = new ConversationMerges({ ...shared, followers: [turns, outbox, receipts, loops, queue] })
  const isOurs = (remoteId: string): boolean =>
    outboxStore.findRemote(remoteId) !== undefined || ackStore.find(remoteId) !== undefined
  const revisions = new Revisions(shared)
  const ownerWords = new OwnerWords({ ...shared, revisions, isOurs })
  const intake = new Intake({ ...shared, revisions })
  const reception = new Reception({
    ...shared,
    unresolved,
    merges,
    intake,
    revisions,
    ownerWords,
    isOurs,
    taken,
  })
  resolved.attach((resolution) => reception.resolved(resolution))
  return { unresolved, reception }
}
