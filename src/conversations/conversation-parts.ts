import type { Database } from '../storage/database/database.ts'
import { AckReactions } from './reactions/ack-reactions.ts'
import { AckStore } from './reactions/ack-store.ts'
import { Admission } from './intake/admission.ts'
import { ChatCommands } from './commands/chat-commands.ts'
import { ChosenAgents } from './routing/chosen-agents.ts'
import { CommitGroup } from './store/commit-group.ts'
import type { ConversationsDependencies } from './conversations.ts'
import { DroppedMessages } from './intake/dropped-messages.ts'
import { HeldMessages } from './intake/held-messages.ts'
import { InboxStore } from './store/inbox-store.ts'
import { Intake } from './intake/intake.ts'
import { LoopBreaker } from './outbox/loop-breaker.ts'
import { Notices } from './replies/notices.ts'
import { Outbox } from './outbox/outbox.ts'
import { OutboxStore } from './outbox/outbox-store.ts'
import { Pace } from './outbox/pace.ts'
import { contentOf } from './replies/quote.ts'
import { ReadReceipts } from './history/read-receipts.ts'
import { ReplyWriter } from './replies/reply-writer.ts'
import { Revisions } from './intake/revisions.ts'
import { Routing } from './routing/routing.ts'
import { TurnQueue } from './turns/turn-queue.ts'
import { TurnStore } from './turns/turn-store.ts'
import { Turns } from './turns/turns.ts'
import { Typing } from './replies/typing.ts'
import { type Resolution, UnresolvedSenders } from './intake/unresolved-senders.ts'

/** Enough to restore the pace of the last hour. */
const MAX_RECENT_REACTIONS = 1_000

export interface ConversationParts {
  admission: Admission
  inbox: InboxStore
  commits: CommitGroup
  outboxStore: OutboxStore
  outbox: Outbox
  held: HeldMessages
  unresolved: UnresolvedSenders
  typing: Typing
  receipts: ReadReceipts
  queue: TurnQueue
  intake: Intake
  revisions: Revisions
  turns: Turns
  chosen: ChosenAgents
  acks: AckReactions
  ackStore: AckStore
}

export interface ConversationHooks {
  resolved: (resolution: Resolution) => void
}

/** Makes the parts of one account's conversations and connects them; nothing starts yet. */
export function buildParts(deps: ConversationsDependencies, hooks: ConversationHooks): ConversationParts {
  const { database, transport, config, now, random, logger } = deps
  const commits = new CommitGroup(database, (error) =>
    logger.error({ err: error }, 'the disk refused to store what became of messages'),
  )
  const { outboxStore, inbox, turnStore, held, chosen, ackStore } = openStores(database)
  const routing = new Routing({ chosen, commits, config })
  const admission = new Admission({ ...deps, inbox })
  const droppedMessages = new DroppedMessages(deps)
  const unresolved = new UnresolvedSenders({
    held,
    transport,
    resolved: hooks.resolved,
    dropped: (count) => droppedMessages.add(count),
    now,
  })
  const typing = new Typing(transport)
  const receipts = new ReadReceipts(transport, () => config().sendReadReceipts)
  const loops = new LoopBreaker()
  const pace = new Pace(() => config().pace, random)
  const isAllowed = (conversation: string, person: string): boolean => admission.allows(conversation, person)
  const outbox: Outbox = new Outbox({
    ...deps,
    isAllowed: (row) => admission.allowsReply(row),
    contentOf: (row) => contentOf(inbox, row),
    store: outboxStore,
    commits,
    pace,
    otherSends: () => ackStore.recentSends(MAX_RECENT_REACTIONS),
    settled: (conversation) => {
      replies.settled(conversation)
      acks.wake()
    },
  })
  const notices = new Notices(database)
  const replies: ReplyWriter = new ReplyWriter({ ...deps, outbox, notices, loops, typing })
  const queue: TurnQueue = new TurnQueue({
    ...deps,
    inbox,
    turns: turnStore,
    commits,
    routing,
    debounceMs: () => config().debounceMs,
    opened: () => turns.wake(),
  })
  const shared = { ...deps, inbox, queue, commits, replies, receipts, routing, isAllowed }
  const turns: Turns = new Turns({
    ...shared,
    closed: () => acks.wake(),
    commands: new ChatCommands({ routing, chosen, replies, config }),
    store: turnStore,
    typing,
  })
  const acks: AckReactions = new AckReactions({ ...shared, store: ackStore, pace, outbox, turns })
  const revisions = new Revisions({ ...shared, outboxStore, outbox, turns })
  const intake = new Intake({ ...shared, revisions, loops, acks })
  const stored = { inbox, commits, outboxStore, held, chosen, ackStore }
  return { ...stored, admission, outbox, unresolved, typing, receipts, queue, intake, revisions, turns, acks }
}

function openStores(database: Database): {
  outboxStore: OutboxStore
  inbox: InboxStore
  turnStore: TurnStore
  held: HeldMessages
  chosen: ChosenAgents
  ackStore: AckStore
} {
  return {
    outboxStore: new OutboxStore(database),
    inbox: new InboxStore(database),
    turnStore: new TurnStore(database),
    held: new HeldMessages(database),
    chosen: new ChosenAgents(database),
    ackStore: new AckStore(database),
  }
}
