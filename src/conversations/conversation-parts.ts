import { dirname, join } from 'node:path'
import { agentCommand } from './commands/agent-command.ts'
import { ChatCommands } from './commands/chat-commands.ts'
import { CHAT_COMMANDS, commandNamed, nearCommand } from './commands/registry.ts'
import type { ConversationsDependencies } from './conversations-dependencies.ts'
import { Contacts } from './contact/contacts.ts'
import { ContactStore } from './contact/contact-store.ts'
import { Forgetting } from './forget/forgetting.ts'
import { ForgetMarks } from './forget/forget-marks.ts'
import { ForgottenPeople } from './forget/forgotten-people.ts'
import { ConversationNews } from './history/conversation-news.ts'
import { MessageNews } from './history/message-news.ts'
import { ReadReceipts } from './history/read-receipts.ts'
import { Retention } from './history/retention.ts'
import { Hook } from './hook.ts'
import { Admission } from './intake/admission.ts'
import { BlockedSenders } from './intake/blocked-senders.ts'
import { ConversationMerges } from './intake/conversation-merges.ts'
import { DroppedMessages } from './intake/dropped-messages.ts'
import { HeldMessages } from './intake/held-messages.ts'
import { Intake } from './intake/intake.ts'
import { OwnerWords } from './intake/owner-words.ts'
import { UnprovenRecipients } from './intake/unproven-recipients.ts'
import { Pauses } from './intake/pauses.ts'
import { Reception } from './intake/reception.ts'
import { Revisions } from './intake/revisions.ts'
import { SkippedMessages } from './intake/skipped-messages.ts'
import { type Resolution, UnresolvedSenders } from './intake/unresolved-senders.ts'
import { LoopBreaker } from './outbox/loop-breaker.ts'
import { OutboxStore } from './outbox/outbox-store.ts'
import { Outbox } from './outbox/outbox.ts'
import { tracedMessage } from './outbox/traced-message.ts'
import { whyNotSent } from './outbox/why-not-sent.ts'
import { AccessRequests } from './pairing/access-requests.ts'
import { Pairing } from './pairing/pairing.ts'
import { PairingAdmin } from './pairing/pairing-admin.ts'
import { PastMessages } from './past/past-messages.ts'
import { PairingStore } from './pairing/pairing-store.ts'
import { Pace } from './outbox/pace.ts'
import { AckReactions } from './reactions/ack-reactions.ts'
import { AckStore } from './reactions/ack-store.ts'
import { MediaFetcher } from './media/media-fetcher.ts'
import { MediaFiles } from './media/media-files.ts'
import { MediaStore } from './media/media-store.ts'
import { MessageClock } from './message-clock.ts'
import { Notices } from './notices/notices.ts'
import { sentencesIn } from './notices/sentences-in.ts'
import { OwnerQuestions } from './permissions/owner-questions.ts'
import { ItemPreparation } from './replies/items/item-preparation.ts'
import { OutgoingRedaction } from './replies/outgoing-redaction.ts'
import { contentOf } from './replies/quote.ts'
import { publishWithConversation } from './publish-with-conversation.ts'
import { buildReading } from './read-model/build-reading.ts'
import { MessageRows } from './read-model/messages/message-rows.ts'
import { ReadMarks } from './read-model/read-marks.ts'
import { ReplyWriter } from './replies/reply-writer.ts'
import { showsTyping, Typing } from './replies/typing.ts'
import { type ChosenAgent, type ChosenModel, StickyChoices } from './routing/sticky-choices.ts'
import { Routing } from './routing/routing.ts'
import { SearchIndex } from './search/search-index.ts'
import { SearchUpkeep } from './search/search-upkeep.ts'
import { buildSending } from './sending/build-sending.ts'
import { ContactHistory } from './sending/contact-history.ts'
import { ChatStates } from './store/chat-states.ts'
import { CommitGroup } from './store/commit-group.ts'
import { type Conversation, conversationOf, ConversationStore } from './store/conversation-store.ts'
import { GroupTitles } from './store/group-titles.ts'
import { HandOvers } from './store/hand-overs.ts'
import { InboxStore } from './store/inbox-store.ts'
import { ChatWork } from './turns/chat-work.ts'
import { WaitingLines } from './turns/waiting/waiting-lines.ts'
import { TurnQueue } from './turns/turn-queue.ts'
import { TurnStore } from './turns/turn-store.ts'
import { Turns } from './turns/turns.ts'
import { Withdrawal } from './turns/withdrawal.ts'
import { HoldStore } from './takeover/hold-store.ts'
import { AssistantStates } from './takeover/assistant-states.ts'
import { Takeover } from './takeover/takeover.ts'
import { ChatWindows } from './window/chat-windows.ts'
import { ChargeStore } from './usage/charge-store.ts'
import { UsageStore } from './usage/usage-store.ts'
import { TakeoverAdmin } from './takeover/takeover-admin.ts'

/** Enough to restore the pace of the last hour. */
const MAX_RECENT_REACTIONS = 1_000

export type ConversationParts = ReturnType<typeof buildParts>

/** Makes the parts of one account's conversations and connects them; nothing starts yet. `taken`: a message was taken in. */
export function buildParts(given: ConversationsDependencies, taken: () => void) {
  const titles = new GroupTitles(given.database)
  const conversations = new ConversationStore(given.database)
  const assistants = new AssistantStates(given.database, given.now)
  const news = new ConversationNews({ ...given, conversations, titles, assistants })
  const publish = publishWithConversation(given.publish, { titles, conversations, news })
  const deps = { ...given, publish }
  const stores = { ...openStores(deps), titles, conversations, news, assistants }
  const outgoing = buildOutgoing(deps, stores)
  const answering = buildAnswering(deps, stores, outgoing)
  const incoming = buildIncoming(deps, { stores, outgoing, answering, taken })
  const retention = new Retention({ ...deps, ...stores, files: stores.mediaFiles })
  const { readMarks } = incoming
  const reading = buildReading({ ...deps, ...stores, readMarks })
  return { ...stores, ...outgoing, ...answering, ...incoming, retention, ...reading }
}

type Stores = ReturnType<typeof openStores> & {
  titles: GroupTitles
  conversations: ConversationStore
  news: ConversationNews
  assistants: AssistantStates
}
type Outgoing = ReturnType<typeof buildOutgoing>
type Answering = ReturnType<typeof buildAnswering>

function openStores(deps: ConversationsDependencies) {
  const { database, transport, config, logger, now } = deps
  const inbox = new InboxStore(database)
  const pairing = new PairingStore(database)
  const clock = new MessageClock(deps)
  const searchIndex = new SearchIndex(database)
  const searchUpkeep = new SearchUpkeep({ database, index: searchIndex, logger })
  const commits = new CommitGroup(
    database,
    (error) => logger.error({ err: error }, 'the disk refused to store what became of messages'),
    () => searchUpkeep.beforeCommit(),
  )
  const media = new MediaStore(database)
  const directory = join(dirname(database.path), 'media')
  const mediaFiles = new MediaFiles({ store: media, directory, commits, config, logger, now })
  return {
    clock,
    media,
    mediaFiles,
    searchIndex,
    searchUpkeep,
    messageRows: new MessageRows(database),
    contactHistory: new ContactHistory(database),
    windows: new ChatWindows(deps),
    messageNews: new MessageNews(deps),
    pauses: new Pauses(database, clock),
    skipped: new SkippedMessages(deps),
    commits,
    marks: new ForgetMarks(database),
    forgottenPeople: new ForgottenPeople(database),
    contacts: new Contacts({ ...deps, contactStore: new ContactStore(database) }),
    inbox,
    outboxStore: new OutboxStore(database),
    turnStore: new TurnStore(database),
    usage: new UsageStore(database),
    charges: new ChargeStore(database),
    ackStore: new AckStore(database),
    chosen: new StickyChoices<ChosenAgent>(database, 'chosen_agents'),
    models: new StickyChoices<ChosenModel>(database, 'chosen_models'),
    chats: new ChatStates(database),
    holds: new HoldStore(database),
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
  const { inbox, ackStore, commits } = stores
  // It ends turns, which are made later.
  const holder: { by: Takeover | null } = { by: null }
  const whySilent = (conversation: number) => holder.by?.whySilent(conversation) ?? null
  const settled = new Hook<number>()
  const pace = new Pace(() => config().pace, random)
  const outbox = new Outbox({
    ...deps,
    store: stores.outboxStore,
    charges: stores.charges,
    reactions: ackStore,
    commits,
    pace,
    traceOf: (row) => tracedMessage(inbox, row),
    refusalOf: (row) => whyNotSent({ ...stores, whySilent }, row),
    contentOf: (row) => contentOf({ inbox, outboxStore: stores.outboxStore, files: stores.mediaFiles }, row),
    reached: (row) => sent.changes.reached(row),
    fileFailed: (row) => replies.fileFailed(row),
    unsent: (row) => stores.handOvers.beginUnsent(row, deps.now().getTime()),
    lookedAfter: ({ conversation }) => stores.handOvers.endUnsent(conversation),
    otherSends: () => ackStore.recentSends(MAX_RECENT_REACTIONS),
    settled: settled.call,
    eraseFiles: (messageId) => stores.mediaFiles.removeSentWith(messageId),
  })
  const typing = new Typing(transport, () => showsTyping(config(), transport.capabilities))
  const loops = new LoopBreaker()
  const unanswered = new Hook<number>()
  const redaction = new OutgoingRedaction(deps)
  const items = new ItemPreparation({
    files: stores.mediaFiles,
    capabilities: transport.capabilities,
    audio: deps.audio,
    redaction,
  })
  const replies = new ReplyWriter({
    ...deps,
    ...stores,
    files: stores.mediaFiles,
    outbox,
    notices: new Notices(database, stores.sentences, () => stores.mediaFiles.maxFileMegabytes),
    loops,
    typing,
    redaction,
    markFailed: unanswered.call,
  })
  settled.attach((conversation) => replies.settled(conversation))
  const receipts = new ReadReceipts(transport, () => config().sendReadReceipts)
  const sent = buildSending({
    ...deps,
    ...stores,
    outbox,
    redaction,
    items,
    whySilent,
    ownerSpoke: (conversation, by) => holder.by?.ownerSpoke(conversation, by),
  })
  const shown = { outbox, pace, typing, loops, redaction, items, replies, receipts }
  return { ...shown, settled, unanswered, holder, ...sent }
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
  const accessRequests = new AccessRequests({ ...deps, ...stores })
  const pairingAdmin = new PairingAdmin({ ...deps, ...stores, requests, accessRequests })
  return { routing, questions, requests, pairingAdmin }
}

type ChatWorkPort = Pick<ChatWork, 'state' | 'stop' | 'takeBack'>
type Switching = Stores &
  Outgoing &
  ReturnType<typeof buildDecisions> & { queue: TurnQueue; work: ChatWorkPort }

/** What people switch in a chat: who holds it, and what they command; and what is fetched and told where nobody else holds it. */
function buildSwitches(deps: ConversationsDependencies, parts: Switching) {
  const takeover = new Takeover({
    ...deps,
    ...parts,
    changed: (conversation) => {
      parts.news.changed(conversation)
      deps.attentionChanged()
    },
  })
  parts.holder.by = takeover
  const takeoverAdmin = new TakeoverAdmin({ ...parts, takeover })
  const commands = new ChatCommands({
    ...deps,
    ...parts,
    takeover,
    commands: CHAT_COMMANDS,
    serverModels: (agent) => deps.agentFor(agent).offeredModels?.() ?? [],
  })
  const fetcher = new MediaFetcher({
    ...deps,
    ...parts,
    store: parts.media,
    files: parts.mediaFiles,
    isAllowed: (row) => row.author === 'owner' || parts.admission.allows(conversationOf(row), row.sender),
    // Somebody may have taken the chat over meanwhile.
    tellTooLarge: (row) =>
      takeover.whySilent(row.conversation) === null ? parts.replies.tellTooLarge(row) : undefined,
  })
  return { takeover, takeoverAdmin, commands, fetcher }
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
  // Both are asked by turns, and end them.
  const work: ChatWorkPort = {
    state: (id) => chatWork.state(id),
    stop: (id, person) => chatWork.stop(id, person),
    takeBack: (id) => chatWork.takeBack(id),
  }
  const switches = buildSwitches(deps, { ...stores, ...outgoing, ...decisions, queue, work })
  const { fetcher, takeover } = switches
  const waitingLines = new WaitingLines({ ...deps, store: turnStore, replies, commits })
  const turns = new Turns({
    ...deps,
    ...stores,
    ...outgoing,
    store: turnStore,
    ...switches,
    queue,
    routing,
    waitingLines,
    isAllowed,
    closed: closed.call,
  })
  const chatWork = new ChatWork({ inbox, queue, turns, outbox, receipts: outgoing.receipts })
  opened.attach(() => turns.wake())
  const acks = new AckReactions({
    ...deps,
    ...outgoing,
    store: ackStore,
    messageNews: stores.messageNews,
    windows: stores.windows,
    commits,
    turns,
    isAllowed,
    isSilent: (conversation) => takeover.whySilent(conversation) !== null,
  })
  outgoing.unanswered.attach((inbox) => acks.markFailed(inbox))
  closed.attach(() => acks.wake())
  outgoing.settled.attach(() => acks.wake())
  const ends = buildEnds(deps, { ...stores, ...outgoing, queue, turns, fetcher })
  return { ...decisions, ...switches, ...ends, queue, turns, waitingLines, acks }
}

/** What ends before it is done: for people who may not write any more, and for those who are forgotten. */
function buildEnds(
  deps: ConversationsDependencies,
  parts: Stores & Outgoing & { queue: TurnQueue; turns: Turns; fetcher: MediaFetcher },
) {
  return {
    withdrawal: new Withdrawal({ ...parts, config: deps.config }),
    forgetting: new Forgetting({ ...deps, ...parts }),
  }
}

/** What arrives: the verdict on it, and its place in the inbox. */
function buildIncoming(
  deps: ConversationsDependencies,
  parts: { stores: Stores; outgoing: Outgoing; answering: Answering; taken: () => void },
) {
  const { stores, outgoing, answering, taken } = parts
  const { outboxStore, ackStore } = stores
  const shared = { ...deps, ...stores, ...outgoing, ...answering }
  const { turns, outbox, receipts, loops, queue, takeover } = shared
  const resolved = new Hook<Resolution>()
  const droppedMessages = new DroppedMessages(deps)
  const unresolved = new UnresolvedSenders({
    ...shared,
    resolved: resolved.call,
    dropped: (count) => droppedMessages.add(count),
  })
  const merges = new ConversationMerges({
    ...shared,
    followers: [turns, outbox, receipts, loops, queue, takeover, stores.news],
  })
  const isOurs = (remoteId: string): boolean =>
    outboxStore.findRemote(remoteId) !== undefined || ackStore.find(remoteId) !== undefined
  const revisions = new Revisions(shared)
  const ownerWords = new OwnerWords({
    ...shared,
    revisions,
    isOurs,
    unproven: new UnprovenRecipients(shared),
  })
  const readMarks = new ReadMarks(shared)
  const intake = new Intake({ ...shared, revisions, readMarks })
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
  const pastMessages = new PastMessages({ ...shared, merges, isOurs })
  return { unresolved, reception, merges, readMarks, pastMessages }
}
