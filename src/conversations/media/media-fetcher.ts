import type { Logger } from 'pino'
import type { MediaOutcome } from '../../messaging/media-outcome.ts'
import type { Transport } from '../../messaging/transport.ts'
import { untilAborted } from '../../timing/until-aborted.ts'
import { type Committed, type CommitGroup, inOrder } from '../store/commit-group.ts'
import type { MessageNews } from '../history/message-news.ts'
import { type InboxRow, type InboxStore, referenceOf } from '../store/inbox-store.ts'
import { type FetchPlace, FetchPlaces } from './fetch-places.ts'
import { MediaError } from './media-error.ts'
import type { MediaFiles } from './media-files.ts'
import type { MediaProblem, MediaRow, MediaStore } from './media-store.ts'

/** Files of one conversation that are fetched before their turn asks for them. */
const MAX_BEFOREHAND = 2
/** Of `media.maxDiskMb`, what files that one conversation waits for may fill before their turn asks for them. */
const SHARE_BEFOREHAND = 0.5
/** A file that could not be had a moment ago is not asked for again. */
const RETRY_AFTER_MS = 60_000
/** Of the messages that were taken back, and of those that wait, the newest. */
const MAX_UNANSWERED = 1_000
const EXPIRED: MediaProblem = { code: 'gone', message: 'The file is no longer kept here.' }
const LATE: MediaProblem = { code: 'unreachable', message: 'The file did not come in time.' }

/** How long somebody waits for files. */
export interface FileWait {
  /** Ends the wait with its reason. */
  signal: AbortSignal
  /** Aborted: the wait ends without what is still fetched. */
  late: AbortSignal
}

export interface MediaFetcherDependencies {
  messageNews: Pick<MessageNews, 'updated'>
  store: MediaStore
  files: MediaFiles
  inbox: Pick<InboxStore, 'find'>
  commits: CommitGroup
  transport: Pick<Transport, 'fetchMedia'>
  /** Whether files of this message may be here now: its sender is allowed. */
  isAllowed: (row: InboxRow) => boolean
  /** Inside of a transaction: tells the sender, once, that a file is too large. */
  tellTooLarge: (row: InboxRow) => Committed | undefined
  logger: Logger
  now: () => Date
}

interface Fetch {
  inbox: number
  conversation: number
  /** What it may take. */
  bytes: number
  abort: AbortController
  done: Promise<void>
}

/**
 * Fetches the files of messages: each once, whoever waits for it. What is stored survives a crash; what was under way begins anew when its
 * turn asks for it.
 */
export class MediaFetcher {
  readonly #deps: MediaFetcherDependencies
  /** By the id of the file. */
  readonly #running = new Map<string, Fetch>()
  readonly #places = new FetchPlaces()
  #isStopped = false

  constructor(deps: MediaFetcherDependencies) {
    this.#deps = deps
  }

  start(): void {
    this.#isStopped = false
  }

  /** What is under way is given up; it stays due. */
  async stop(): Promise<void> {
    this.#isStopped = true
    const running = [...this.#running.values()]
    for (const { abort } of running) abort.abort(new Error('the account is closed'))
    await Promise.all(running.map(({ done }) => done))
  }

  /** Fetches in the background what came with this inbox row: a little of each conversation. Never throws: its turn asks for the rest. */
  begin(inbox: number): void {
    if (this.#isStopped) return
    try {
      const { conversation = 0 } = this.#deps.inbox.find(inbox) ?? {}
      for (const row of this.#deps.store.ofInbox(inbox))
        if (this.#isDue(row) && this.#hasShare(conversation, row)) void this.#fetch(row, conversation).done
    } catch (error) {
      this.#deps.logger.error({ err: error }, 'the files of a message could not be looked up')
    }
  }

  /** The files of an inbox row, once each is stored or cannot be had, or it is too late. Rejects with the reason of an aborted `signal` alone. */
  async settle(inbox: number, { signal, late }: FileWait): Promise<MediaRow[]> {
    const { store } = this.#deps
    const due = store.ofInbox(inbox).filter((row) => this.#isDue(row))
    if (!this.#isStopped && due.length > 0) {
      const { conversation = 0 } = this.#deps.inbox.find(inbox) ?? {}
      const fetched = Promise.all(due.map((row) => this.#fetch(row, conversation).done))
      // What is late goes on in the background.
      await untilAborted(
        untilAborted(fetched, late).catch(() => []),
        signal,
      )
    }
    signal.throwIfAborted()
    return store.ofInbox(inbox)
  }

  /** What agents are told of a file that they do not get; `null` where there is one. */
  problemOf(row: MediaRow): MediaProblem | null {
    if (this.#deps.files.pathOfRow(row) !== null) return null
    if (row.state === 'due' && row.source !== null) return LATE
    if (row.problem_code === null || row.problem === null) return EXPIRED
    return { code: row.problem_code, message: row.problem }
  }

  /**
   * Of people who may not talk now: what is being fetched is given up, and the files of messages go that were taken back unanswered or still
   * wait for their turn.
   * Throws `StorageError`.
   */
  policyChanged(): void {
    const { inbox, store, commits } = this.#deps
    const isToGo = (sequence: number): boolean => {
      const row = inbox.find(sequence)
      return row === undefined || !this.#mayFetch(row)
    }
    for (const { inbox: sequence, abort } of this.#running.values())
      if (isToGo(sequence)) abort.abort(new Error('its sender may not talk any more'))
    const unanswered = [...store.cancelledInbox(MAX_UNANSWERED), ...store.pendingInbox(MAX_UNANSWERED)]
    const gone = unanswered.filter(isToGo)
    if (gone.length > 0) commits.now(() => inOrder(gone.map((sequence) => this.remove(sequence))))
  }

  /** Inside of a transaction: an inbox row is gone, and with it its files. */
  remove(inbox: number): Committed {
    const { store, files } = this.#deps
    const removed = store.ofInbox(inbox).map(({ id }) => files.remove(id))
    return () => {
      for (const running of this.#running.values())
        if (running.inbox === inbox) running.abort.abort(new Error('its message is gone'))
      for (const each of removed) each()
    }
  }

  /** Resolves when nothing is fetched any more that was given up. */
  async settled(): Promise<void> {
    const ended = [...this.#running.values()].filter(({ abort }) => abort.signal.aborted)
    await Promise.all(ended.map(({ done }) => done))
  }

  #isDue({ state, source, settled_at }: MediaRow): boolean {
    if (source === null) return false
    const { now } = this.#deps
    return state === 'due' || (state === 'failed' && now().getTime() - (settled_at ?? 0) >= RETRY_AFTER_MS)
  }

  /** Whether this conversation may have one more file before its turn asks. */
  #hasShare(conversation: number, { declared_size }: MediaRow): boolean {
    const { files, store } = this.#deps
    const running = [...this.#running.values()].filter((each) => each.conversation === conversation)
    if (running.length >= MAX_BEFOREHAND) return false
    const due = running.reduce((sum, { bytes }) => sum + bytes, declared_size ?? files.maxFileBytes)
    return store.neededBytes(conversation) + due <= files.maxBytes * SHARE_BEFOREHAND
  }

  #mayFetch(row: InboxRow): boolean {
    return row.state !== 'revoked' && this.#deps.isAllowed(row)
  }

  #fetch(row: MediaRow, conversation: number): Fetch {
    const known = this.#running.get(row.id)
    if (known !== undefined) return known
    const abort = new AbortController()
    const bytes = row.declared_size ?? this.#deps.files.maxFileBytes
    const running: Fetch = { inbox: row.inbox ?? 0, conversation, bytes, abort, done: Promise.resolve() }
    this.#running.set(row.id, running)
    running.done = this.#fetchOne(row, conversation, abort.signal)
      .catch((error: unknown) => {
        if (!abort.signal.aborted)
          this.#deps.logger.error({ err: error }, 'a file of a message was not stored')
      })
      .finally(() => this.#running.delete(row.id))
    return running
  }

  /** Rejects with the signal's reason, and with `StorageError` where the database refuses. */
  async #fetchOne(row: MediaRow, conversation: number, signal: AbortSignal): Promise<void> {
    const { files, inbox, messageNews } = this.#deps
    const place = await this.#places.take(conversation, signal)
    let isStored = false
    try {
      const asked = inbox.find(row.inbox ?? 0)
      if (asked === undefined || !this.#mayFetch(asked)) return
      const outcome = await this.#attempt(row, asked, { place, signal })
      signal.throwIfAborted()
      if (outcome.outcome === 'failed') {
        await files.abandon(row.id)
        this.#fail(row, asked, outcome)
      } else isStored = await this.#keep(row, outcome, signal)
      messageNews.updated(asked.conversation_name, asked.message_id)
    } finally {
      if (signal.aborted && !isStored) await files.abandon(row.id)
      files.settled(row.id)
      place.leave()
    }
  }

  async #attempt(
    row: MediaRow,
    asked: InboxRow,
    { place, signal }: { place: FetchPlace; signal: AbortSignal },
  ): Promise<MediaOutcome> {
    const { files, commits, transport } = this.#deps
    try {
      const maxBytes = files.maxFileBytes
      if ((row.declared_size ?? 0) > maxBytes) throw MediaError.tooLarge(maxBytes)
      const path = await files.begin(row.id, row.declared_size ?? maxBytes)
      // That the message is ours to read must not be forgotten once WhatsApp has been asked for its file.
      commits.durable()
      const { lendWhile } = place
      const isOwn = asked.author === 'owner'
      const to = {
        path,
        maxBytes,
        message: { ...referenceOf(asked), sender: asked.address },
        isOwn,
        lendWhile,
      }
      const outcome = await transport.fetchMedia({ source: row.source ?? '' }, to, signal)
      // A message may declare less than comes.
      if (outcome.outcome === 'fetched' && outcome.size > (row.declared_size ?? maxBytes))
        await files.grow(row.id, outcome.size)
      return outcome
    } catch (error) {
      const { code, message } = MediaError.from(error)
      return { outcome: 'failed', code, message, retry: code === 'no_space' }
    }
  }

  /** Answers whether the file is kept. Rejects with the signal's reason where it is aborted before that is written. */
  async #keep(
    row: MediaRow,
    { size, sha256 }: Extract<MediaOutcome, { outcome: 'fetched' }>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { files, store, commits, now } = this.#deps
    const { name } = row
    try {
      const file = await files.finish(row.id, { size, sha256, name })
      signal.throwIfAborted()
      commits.now(() => {
        store.stored(row.id, file, now().getTime())
        return undefined
      })
      // Its message may be gone since.
      if (store.find(row.id) !== undefined) return true
      await files.abandon(row.id)
      return false
    } catch (error) {
      await files.abandon(row.id)
      throw error
    }
  }

  #fail(row: MediaRow, asked: InboxRow, problem: Extract<MediaOutcome, { outcome: 'failed' }>): void {
    const { store, commits, now, tellTooLarge, logger } = this.#deps
    logger.info({ code: problem.code }, 'a file of a message could not be fetched')
    commits.now(() => {
      store.failed(row.id, problem, !problem.retry, now().getTime())
      return problem.code === 'too_large' ? tellTooLarge(asked) : undefined
    })
  }
}
