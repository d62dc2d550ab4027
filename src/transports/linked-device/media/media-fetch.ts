import { setTimeout as sleep } from 'node:timers/promises'
import type { Agent } from 'node:http'
import type { WASocket } from '@whiskeysockets/baileys'
import type { Logger } from 'pino'
import type { RemoteMedia } from '../../../messaging/content.ts'
import { mediaFailures } from '../../../messaging/media-failures.ts'
import type { MediaOutcome, MediaTarget } from '../../../messaging/media-outcome.ts'
import { isDiskFull } from '../../../storage/files/is-disk-full.ts'
import { withDeadline } from '../../../timing/deadline.ts'
import { messageKey } from '../outbound/to-message.ts'
import { download, type DownloadInput, type DownloadResult } from './download.ts'
import { downloadToMemory } from './download-to-memory.ts'
import type { MediaConnection } from './media-connection.ts'
import { MEDIA_TYPES, mediaToken } from './media-keys.ts'
import { linkAnswers } from './link-answers.ts'
import { mediaPath, type MediaSource, readMediaSource } from './media-source.ts'
import { type PhoneAnswer, PhoneCopies } from './phone-copies.ts'

/** Waits before another attempt after a failure of the network or the server. */
const RETRY_WAITS_MS: readonly number[] = [500, 2_000, 5_000]
const IDLE_MS = 30_000
/** However slowly it comes. */
const TOTAL_MS = 15 * 60_000
/** How often it is looked whether the link is open again. */
const LINK_LOOK_MS = 500
/** In which an open link answers a ping. What takes longer is an outage that nobody has noticed yet. */
const LINK_ANSWER_MS = 3_000
/** How long WhatsApp may take to name its servers; behind that the usual one is asked. */
const HOSTS_WAIT_MS = 5_000
/** What WhatsApp has no more (whatsmeow, zapo). */
const GONE: ReadonlySet<number> = new Set([403, 404, 410])

const { failed, tooLarge } = mediaFailures({
  gone: 'The file is no longer there: WhatsApp has deleted it, and the phone does not have it any more.',
  phone_away: 'WhatsApp has deleted the file, and the phone that could send it again did not answer.',
  damaged: 'The file that came is not the one that was sent.',
  refused: 'The file cannot be fetched: what the message says of it is not valid.',
  unreachable: "WhatsApp's server of files could not be reached.",
  no_space: 'There is no room for the file on the disk of the assistant.',
})

/** Shortened by tests; milliseconds. */
export interface MediaTimings {
  /** How long the server of files may be silent. */
  idleMs?: number
  totalMs?: number
  retryWaitsMs?: readonly number[]
  /** Before an upload is tried again; longer with each attempt. */
  uploadRetryMs?: number
  /** How long WhatsApp may take to name its servers, before a download. */
  hostsMs?: number
  /** How long the phone may take to upload a file again. */
  answerMs?: number
  /** Between two looks whether the link is open again. */
  linkLookMs?: number
  /** In which an open link answers. */
  linkAnswerMs?: number
}

export interface MediaFetchDependencies {
  connection: MediaConnection
  agentFor: (url: string) => Agent | undefined
  /** `null` unless the link is open. */
  socket: () => Pick<WASocket, 'query' | 'sendNode' | 'ws'> | null
  ownJid: () => string | null
  logger: Logger
  timings?: MediaTimings | undefined
}

/** `cut`: because the link ended, or was not open. */
type AttemptEnd = 'done' | 'failed' | 'cut'

const ENDS: Readonly<Record<PhoneAnswer['answer'], AttemptEnd>> = {
  path: 'done',
  gone: 'done',
  silent: 'failed',
  cut: 'cut',
}

type Where = Pick<DownloadInput, 'url' | 'agent' | 'headers' | 'idleMs' | 'signal'>

/** Fetches files of messages from WhatsApp's servers, and from nowhere else. */
export class MediaFetch {
  readonly #deps: MediaFetchDependencies
  readonly #phone: PhoneCopies

  constructor(deps: MediaFetchDependencies) {
    this.#deps = deps
    const { answerMs } = deps.timings ?? {}
    this.#phone = new PhoneCopies({ ...deps, ...(answerMs !== undefined && { answerMs }) })
  }

  /** As `Transport.fetchMedia`. Nothing of the file's address or key is logged. */
  async fetch(media: RemoteMedia, to: MediaTarget, signal: AbortSignal): Promise<MediaOutcome> {
    const { logger, timings } = this.#deps
    const { servers } = this.#deps.connection
    const source = readMediaSource(media)
    const path = source === null ? null : mediaPath(source, servers)
    if (source === null || path === null) return failed('refused')
    if ((source.size ?? 0) > to.maxBytes) return tooLarge(to.maxBytes)
    const within = AbortSignal.any([signal, AbortSignal.timeout(timings?.totalMs ?? TOTAL_MS)])
    try {
      const first = await this.#fromServer(source, path, to, within)
      if (!isGone(first)) return outcomeOf(first, to)
      const answer = await this.#askPhone(source, to, within)
      if (ENDS[answer.answer] !== 'done') return failed('phone_away', true)
      const again = answer.answer === 'path' ? mediaPath({ path: answer.path, url: null }, servers) : null
      if (again === null) return failed('gone')
      const second = await this.#fromServer(source, again, to, within)
      return isGone(second) ? failed('gone') : outcomeOf(second, to)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // Its message may hold an address.
      logger.debug({ code, name: (error as Error).name }, 'a file could not be fetched')
      return isDiskFull(error) ? failed('no_space', true) : failed('unreachable', true)
    }
  }

  /**
   * The whole of a file, in memory. Rejects where it cannot be had, is longer than `maxBytes`, or is damaged. Nothing of its address or key is in
   * the error.
   */
  async fetchBytes(media: RemoteMedia, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
    const source = readMediaSource(media)
    const path = source === null ? null : mediaPath(source, this.#deps.connection.servers)
    if (source === null || path === null) throw new Error('where the file is, is no place of WhatsApp')
    const late = AbortSignal.timeout(this.#deps.timings?.totalMs ?? TOTAL_MS)
    const within = AbortSignal.any([signal, late])
    const result = await this.#attempts(source, path, within, (where) =>
      downloadToMemory({ ...where, source, maxBytes }),
    )
    if (result.result !== 'fetched') throw new Error(`the file cannot be had: ${result.result}`)
    return result.bytes
  }

  async #askPhone({ key }: MediaSource, to: MediaTarget, signal: AbortSignal): Promise<PhoneAnswer> {
    const { message, isOwn = false, lendWhile = (wait) => wait() } = to
    const asked = messageKey(message)
    const request = { ...asked, fromMe: isOwn || asked.fromMe === true }
    const ask = (): Promise<PhoneAnswer> => lendWhile(() => this.#phone.ask(request, key, signal))
    return await this.#acrossOutages(ask, ({ answer }) => ENDS[answer], { to, signal })
  }

  #fromServer(
    source: MediaSource,
    path: string,
    to: MediaTarget,
    signal: AbortSignal,
  ): Promise<DownloadResult> {
    const attempts = (): Promise<DownloadResult> =>
      this.#attempts(source, path, signal, (where) =>
        download({ ...where, source, path: to.path, maxBytes: to.maxBytes }),
      )
    const endOf = (result: DownloadResult): AttemptEnd => (isPassingAnswer(result) ? 'failed' : 'done')
    return this.#acrossOutages(attempts, endOf, { to, signal })
  }

  /**
   * What failed while the link to WhatsApp was not open, ended, or did not answer, is done again when it does: this machine was without a
   * network then, and no answer could go out. Rejects with the reason of the signal.
   */
  async #acrossOutages<Result>(
    attempt: () => Promise<Result>,
    endOf: (result: Result) => AttemptEnd,
    { to, signal }: { to: MediaTarget; signal: AbortSignal },
  ): Promise<Result> {
    const { socket, timings } = this.#deps
    const { lendWhile = (wait) => wait() } = to
    const lookMs = timings?.linkLookMs ?? LINK_LOOK_MS
    const answerMs = timings?.linkAnswerMs ?? LINK_ANSWER_MS
    for (;;) {
      const before = socket()
      const isSteady = (): boolean => before !== null && socket() === before
      /** A cut that nobody has noticed leaves a link that looks open. */
      const answers = async (): Promise<boolean> =>
        isSteady() && before !== null && (await linkAnswers(before, answerMs, signal)) && isSteady()
      let isCut = false
      try {
        const result = await attempt()
        const end = endOf(result)
        if (end === 'done' || (end === 'failed' && (await answers()))) return result
        isCut = end === 'cut'
      } catch (error) {
        if (signal.aborted || isOfDisk(error) || (await answers())) throw error
      }
      // What ended with the connection waits for another one.
      const answersAgain = async (): Promise<boolean> => !isCut && (await answers())
      await lendWhile(async () => {
        while (socket() === null || (isSteady() && !(await answersAgain())))
          await sleep(lookMs, undefined, { signal })
      })
    }
  }

  /** Tries again where the network or the server fails; every attempt begins anew. */
  async #attempts<Fetched extends { result: string }>(
    source: MediaSource,
    path: string,
    signal: AbortSignal,
    attemptOne: (where: Where) => Promise<Fetched | Exclude<DownloadResult, { result: 'fetched' }>>,
  ): Promise<Fetched | Exclude<DownloadResult, { result: 'fetched' }>> {
    const { connection, agentFor, timings } = this.#deps
    const waits = timings?.retryWaitsMs ?? RETRY_WAITS_MS
    for (let attempt = 0; ; attempt += 1) {
      signal.throwIfAborted()
      const url = await this.#urlOf(withQuery(path, source), attempt)
      const idleMs = timings?.idleMs ?? IDLE_MS
      const agent = agentFor(url)
      const wait = waits[attempt]
      const headers = connection.servers.headers
      try {
        const where = { url, agent, headers, idleMs, signal }
        const result = await attemptOne(where)
        if (!isPassingAnswer(result) || wait === undefined) return result
      } catch (error) {
        if (signal.aborted || wait === undefined || isOfDisk(error)) throw error
      }
      await sleep(wait, undefined, { signal })
    }
  }

  /** At one of the servers that WhatsApp names, another one at each attempt; without a connection at the usual one. */
  async #urlOf(path: string, attempt: number): Promise<string> {
    const { connection, socket, timings } = this.#deps
    const { servers } = connection
    const open = socket()
    const named = open === null ? Promise.resolve(null) : connection.ticket(open).catch(() => null)
    const ticket = await withDeadline(named, timings?.hostsMs ?? HOSTS_WAIT_MS, () => null)
    const hosts = ticket?.hosts ?? [servers.defaultHost]
    const url = servers.urlOf(hosts[attempt % hosts.length] ?? servers.defaultHost, path)
    if (url === null) throw new Error('it leads to no server of files')
    return url.href
  }
}

/** What WhatsApp Web adds: the token of the encrypted file and its kind (whatsmeow `download.go`). */
function withQuery(path: string, { encryptedHash, type }: MediaSource): string {
  return `${path}${path.includes('?') ? '&' : '?'}hash=${mediaToken(encryptedHash)}&mms-type=${MEDIA_TYPES[type].folder}&__wa-mms=`
}

/** Another attempt may succeed. */
function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}

function isPassingAnswer(result: { result: string; status?: number }): boolean {
  return result.result === 'status' && isPassing(result.status ?? 0)
}

function isOfDisk(error: unknown): boolean {
  const { syscall } = error as NodeJS.ErrnoException
  return (
    isDiskFull(error) ||
    syscall === 'open' ||
    syscall === 'write' ||
    syscall === 'fsync' ||
    syscall === 'rename'
  )
}

function isGone(result: DownloadResult): boolean {
  return result.result === 'status' && GONE.has(result.status)
}

function outcomeOf(result: DownloadResult, { maxBytes }: MediaTarget): MediaOutcome {
  switch (result.result) {
    case 'fetched':
      return { outcome: 'fetched', size: result.size, sha256: result.sha256 }
    case 'too_large':
      return tooLarge(maxBytes)
    case 'damaged':
      return failed('damaged')
    case 'status':
      return isPassing(result.status) ? failed('unreachable', true) : failed('refused')
  }
}
