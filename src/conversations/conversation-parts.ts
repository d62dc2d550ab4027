import type { SenderIdentity } from '../accounts/transport.ts'
import { CommitGroup } from './commit-group.ts'
import type { ConversationsDependencies } from './conversations.ts'
import { HeldMessages } from './held-messages.ts'
import { InboxStore } from './inbox-store.ts'
import { Intake } from './intake.ts'
import { LoopBreaker } from './loop-breaker.ts'
import { Notices } from './notices.ts'
import { Outbox } from './outbox.ts'
import { OutboxStore } from './outbox-store.ts'
import { Pace } from './pace.ts'
import { ReadReceipts } from './read-receipts.ts'
import { ReplyWriter } from './reply-writer.ts'
import { TurnQueue } from './turn-queue.ts'
import { TurnStore } from './turn-store.ts'
import { Turns } from './turns.ts'
import { Typing } from './typing.ts'
import { UnresolvedSenders } from './unresolved-senders.ts'

export interface ConversationParts {
  commits: CommitGroup
  outboxStore: OutboxStore
  outbox: Outbox
  held: HeldMessages
  unresolved: UnresolvedSenders
  typing: Typing
  receipts: ReadReceipts
  queue: TurnQueue
  intake: Intake
  turns: Turns
}

export interface ConversationHooks {
  isAllowed: (conversation: string, chat: string) => boolean
  resolved: (sender: SenderIdentity) => void
}

/** Makes the parts of one account's conversations and connects them; nothing starts yet. */
export function buildParts(deps: ConversationsDependencies, hooks: ConversationHooks): ConversationParts {
  const { database, transport, config, now, random, logger } = deps
  const commits = new CommitGroup(database, (error) =>
    logger.error({ err: error }, 'the disk refused to store what became of messages'),
  )
  const outboxStore = new OutboxStore(database)
  const inbox = new InboxStore(database)
  const turnStore = new TurnStore(database)
  const held = new HeldMessages(database)
  const unresolved = new UnresolvedSenders({ held, transport, resolved: hooks.resolved, now })
  const typing = new Typing(transport)
  const receipts = new ReadReceipts(transport, () => config().sendReadReceipts)
  const loops = new LoopBreaker()
  const outbox: Outbox = new Outbox({
    ...deps,
    ...hooks,
    store: outboxStore,
    commits,
    pace: new Pace(() => config().pace, random),
    settled: (conversation) => replies.settled(conversation),
  })
  const replies: ReplyWriter = new ReplyWriter({
    ...deps,
    outbox,
    notices: new Notices(database),
    loops,
    typing,
  })
  const queue: TurnQueue = new TurnQueue({
    ...deps,
    inbox,
    turns: turnStore,
    commits,
    debounceMs: () => config().debounceMs,
    opened: () => turns.wake(),
  })
  const shared = { ...deps, inbox, queue, commits, replies, receipts }
  const turns: Turns = new Turns({ ...shared, isAllowed: hooks.isAllowed, store: turnStore, typing })
  const intake = new Intake({ ...shared, loops })
  return { commits, outboxStore, outbox, held, unresolved, typing, receipts, queue, intake, turns }
}
