import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Conversations } from '../../conversations/conversations.ts'
import type { ConversationsDependencies } from '../../conversations/conversations-dependencies.ts'
import { ACCOUNT_MIGRATIONS } from '../schema.ts'
import { Database, DatabaseClosed } from '../../storage/database/database.ts'
import { directoryId } from '../../storage/files/directory-id.ts'
import { ExclusiveLock } from '../../storage/files/exclusive-lock.ts'
import { openPrivateDirectory, tightenDatabase } from '../../storage/files/private-directory.ts'
import { StorageError, toStorageError } from '../../storage/storage-error.ts'
import type { Link, LinkDependencies, LinkImporter, Transports } from '../../transports/link.ts'
import type { Caution } from '../status/derive-status.ts'
import { type TransportName, withTransport } from './choose-transport.ts'
import { FactsStore } from './facts-store.ts'
import { awaitsImport } from './in-place-import.ts'
import { ImportWatch } from './import-watch.ts'
import type { HostIdentity } from '../ownership/host-identity.ts'
import { HostMark } from '../ownership/host-mark.ts'
import { Ownership } from '../ownership/ownership.ts'
import { type EventLog, UnloggedEvents } from './unlogged-events.ts'
import type { Sink } from '../../messaging/sink.ts'
import { withRegisteredNumbers } from '../../access/numbers/with-registered-numbers.ts'

/** The longest that a write may wait for company; whatever leaves the process commits before. */
const COMMIT_DELAY_MS = 25

/** Everything of one account that lives on its directory, open and locked. */
export interface OpenAccount {
  facts: FactsStore
  ownership: Ownership
  /** The name of the one that the link is of. */
  transport: TransportName
  /** The one that fits by now. Throws `StorageError`. */
  fittingTransport(): TransportName
  link: Link
  conversations: Conversations
  /** Everything written so far is on disk when it returns. Throws `StorageError`. */
  commit(): void
  /** As `Database.writes`. */
  writes(): number
  /** What a person should know though everything works. */
  caution(): Caution | null
  /** Throws `StorageError` when the file is not there any more. */
  verifyInPlace(): void
  /** Closes the file and gives the lock back. Idempotent; stop the link and the conversations before. */
  close(): void
}

export interface OpenAccountInput {
  directory: string
  host: HostIdentity
  /** A file that is not there has been taken away: it is not made anew. */
  mustExist: boolean
  /** Throws when another host may own the account by now: nothing is written or sent then. */
  fence?: (() => void) | undefined
  /** Stores the events that tell of what is committed next. */
  eventLog?: EventLog | undefined
  transports: Transports
  /** Which of them, for what is stored. Throws `StorageError`. */
  chooseTransport: (files: Pick<LinkDependencies, 'database' | 'directory'>) => TransportName
  importer: LinkImporter
  link: Omit<LinkDependencies, 'database' | 'directory' | 'sink' | 'fence' | 'copiesYield'>
  conversations: Omit<ConversationsDependencies, 'database' | 'transport'>
}

/**
 * Opens the directory: private, locked, and with its database. Throws `LockHeldError` when another process has it and
 * `StorageError` for everything else; nothing stays open then.
 */
export function openAccount(input: OpenAccountInput): OpenAccount {
  const { directory } = input
  const file = join(directory, 'account.db')
  if (input.mustExist && !existsSync(file)) throw new StorageError('storage_missing', `${file} is gone`)
  // Before anything in it is changed: it is the other program's.
  if (!existsSync(file) && awaitsImport(directory, input.importer))
    throw new StorageError('import_required', directory)
  const wasShared = openPrivateDirectory(directory)
  const storageFailed = (error: unknown): void => input.link.events.storageFailed(error)
  const lock = new ExclusiveLock(directory)
  lock.acquire()
  // The lock of such a volume may hold on one host only, and another host may be set up without a lease.
  const mark = HostMark.on({ ...input, hasLease: input.fence !== undefined, failed: storageFailed })
  let database: Database | null = null
  let parts: AccountParts | null = null
  const close = (): void => {
    try {
      parts?.end()
      database?.close()
    } finally {
      mark?.stop()
      lock.release()
    }
  }
  try {
    mark?.start()
    directoryId(directory)
    const wasReadable = tightenDatabase(file) || wasShared
    if (wasReadable)
      input.link.logger.warn({ file }, 'other users of this machine could have read the stored credentials')
    database = openDatabase(file, input)
    parts = makeParts(input, database)
    const { facts, ownership, transport, link, conversations, importWatch } = parts
    ownership.start(link.facts.linked)
    importWatch.start()
    const opened = database
    return {
      facts,
      ownership,
      transport,
      fittingTransport: () => input.chooseTransport({ database: opened, directory }),
      link,
      conversations,
      caution: () => {
        const { changedIn } = importWatch
        if (changedIn !== null) return { code: 'import_source_changed', detail: changedIn }
        return wasReadable ? { code: 'credentials_readable', detail: file } : null
      },
      commit: () => opened.commit(),
      writes: () => opened.writes,
      verifyInPlace: () => opened.verifyInPlace(),
      close,
    }
  } catch (error) {
    close()
    throw toStorageError(error, file)
  }
}

/** The database, which holds no events any more that an earlier process could not store. */
function openDatabase(file: string, { eventLog, fence, conversations, link }: OpenAccountInput): Database {
  let unlogged: UnloggedEvents | null = null
  const database = Database.open(file, ACCOUNT_MIGRATIONS, {
    delayMs: COMMIT_DELAY_MS,
    fence,
    before: () => unlogged?.keep(eventLog?.persist(conversations.account) ?? []),
    committed: (milliseconds) => conversations.counts.commits.observe(milliseconds / 1_000),
    failed: (error) => link.events.storageFailed(error),
  })
  try {
    unlogged = new UnloggedEvents(database)
    eventLog?.recover(unlogged.take())
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

interface AccountParts extends Pick<
  OpenAccount,
  'facts' | 'ownership' | 'transport' | 'link' | 'conversations'
> {
  importWatch: ImportWatch
  /** Before the database is closed: nothing reads or writes afterwards. */
  end(): void
}

function makeParts(input: OpenAccountInput, database: Database): AccountParts {
  const { logger, now, events } = input.link
  const facts = new FactsStore(database)
  const ownership = new Ownership({
    database,
    host: input.host,
    logger,
    now,
    storageFailed: (error) => events.storageFailed(error),
  })
  // The link hands messages to the conversations and these send over the link: one of the two comes first.
  let conversations: Conversations | null = null
  const sink = sinkOf(database, () => conversations)
  const { directory } = input
  const transport = input.chooseTransport({ database, directory })
  const link = input.transports[transport].open({
    ...input.link,
    directory,
    fence: input.fence,
    copiesYield: input.host.instanceId !== null,
    database,
    sink,
  })
  const opened = new Conversations({
    ...input.conversations,
    config: withRegisteredNumbers(withTransport(input.conversations.config, transport), link.registered),
    database,
    transport: link.transport,
  })
  conversations = opened
  const importWatch = new ImportWatch({
    facts,
    importer: input.importer,
    changed: () => events.changed(),
    logger,
  })
  const end = (): void => {
    conversations = null
    importWatch.stop()
    try {
      ownership.stop()
    } catch {
      // Without its last words the stop counts as a crash.
    }
  }
  return { facts, ownership, transport, link, conversations: opened, importWatch, end }
}

/** What a transport calls; `null` once the account is closed. */
function sinkOf(database: Database, conversations: () => Conversations | null): Sink {
  return {
    received: (message) => {
      // A transport may come late with what it held back; it must not take this for a verdict.
      const open = conversations()
      if (open === null) throw new DatabaseClosed(database.path)
      return open.received(message)
    },
    keepsOwnerWords: (to) => conversations()?.keepsOwnerWords(to) ?? false,
    linked: () => conversations()?.linked(),
    get wantsPast() {
      return conversations()?.wantsPast ?? false
    },
    past: (messages) => conversations()?.past(messages),
    statusChanged: (update) => conversations()?.statusChanged(update),
    sentAt: (message) => conversations()?.sentAt(message) ?? null,
    readByOwner: (chat, messageIds) => conversations()?.readByOwner(chat, messageIds),
    readyChanged: (ready) => conversations()?.readyChanged(ready),
    heldByApp: (held) => conversations()?.heldByApp(held),
    numberChanged: () => conversations()?.numberChanged(),
    personMoved: (move) => conversations()?.personMoved(move),
    windowChanged: (chat) => conversations()?.windowChanged(chat),
    senderResolved: (sender) => conversations()?.senderResolved(sender),
    personChanged: (change) => conversations()?.personChanged(change),
    groupNamed: (group, name) => conversations()?.groupNamed(group, name),
    numbersLearned: () => conversations()?.numbersLearned(),
    sentContent: (remoteId, asker) => conversations()?.sentContent(remoteId, asker) ?? null,
  }
}
