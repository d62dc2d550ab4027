import { setTimeout as sleep } from 'node:timers/promises'
import { rm } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { RemoteMedia } from '../../../messaging/content.ts'
import { mediaFailures } from '../../../messaging/media-failures.ts'
import type { MediaOutcome, MediaTarget } from '../../../messaging/media-outcome.ts'
import { isRecord } from '../../../protocol/is-record.ts'
import { isDiskFull } from '../../../storage/files/is-disk-full.ts'
import type { GraphAccess } from '../graph/graph-access.ts'
import type { GraphClient } from '../graph/graph-client.ts'
import { problemSentence } from '../graph/problem-sentences.ts'
import type { FailedRequests } from './failed-requests.ts'
import { isHash, type MediaSource, readMediaSource } from './media-source.ts'
import { saveFile } from './save-file.ts'

/** Waits before another attempt after a failure of the network or the server. */
const RETRY_WAITS_MS: readonly number[] = [500, 2_000, 5_000]
const IDLE_MS = 30_000
/** However slowly it comes. */
const TOTAL_MS = 15 * 60_000

const { failed, tooLarge } = mediaFailures({
  gone: 'The file is no longer there: WhatsApp keeps files for seven days. Ask for it again.',
  damaged: 'The file that came is not the one that was sent.',
  refused: 'The file cannot be fetched: what Meta says of it is not valid.',
  unreachable: "Meta's server of files could not be reached.",
  no_space: 'There is no room for the file on the disk of the assistant.',
})

export interface MediaFetchDependencies {
  graph: Pick<GraphClient, 'call' | 'openFile'>
  access: () => GraphAccess | null
  /** Resolves when the account can be used, which it may be already. Rejects with the signal's reason. */
  untilReady: (signal: AbortSignal) => Promise<void>
  failures: FailedRequests
  logger: Logger
  /** Shorter ones, for tests. */
  timings?: { idleMs?: number; totalMs?: number; retryWaitsMs?: readonly number[] } | undefined
}

/** `expired`: the address is not valid any more. `passing`: another attempt may have it. */
type Step =
  | MediaOutcome
  | { outcome: 'expired' }
  | { outcome: 'passing' }
  /** Meta does not take the token. */
  | { outcome: 'token'; message: string }

/** Fetches files of messages: Meta is asked for the address of each, which lives five minutes, and then for the file. */
export class MediaFetch {
  readonly #deps: MediaFetchDependencies

  constructor(deps: MediaFetchDependencies) {
    this.#deps = deps
  }

  /** As `Transport.fetchMedia`. Nothing of the file's address is logged. */
  async fetch(media: RemoteMedia, to: MediaTarget, signal: AbortSignal): Promise<MediaOutcome> {
    const { timings, logger } = this.#deps
    const source = readMediaSource(media)
    if (source === null) return failed('refused')
    const within = AbortSignal.any([signal, AbortSignal.timeout(timings?.totalMs ?? TOTAL_MS)])
    try {
      return await this.#attempts(source, to, within)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // Its message may hold an address.
      logger.debug({ code, name: (error as Error).name }, 'a file could not be fetched')
      return isDiskFull(error) ? failed('no_space', true) : failed('unreachable', true)
    }
  }

  async #attempts(source: MediaSource, to: MediaTarget, signal: AbortSignal): Promise<MediaOutcome> {
    const { access, failures, timings } = this.#deps
    // A file that fails too often makes 360dialog refuse all others for an hour.
    const isCounted = access()?.provider === '360dialog'
    const waits = isCounted ? [] : (timings?.retryWaitsMs ?? RETRY_WAITS_MS)
    for (let attempt = 0, renewals = 0, isRefused = false; ;) {
      if (isCounted && failures.isFull) return failed('unreachable', true)
      const step = await this.#attempt(source, to, signal).catch((error: unknown) => {
        if (signal.aborted || isOfDisk(error)) throw error
        return { outcome: 'passing' as const }
      })
      if (isCounted && step.outcome !== 'fetched') failures.add()
      if (step.outcome === 'fetched' || step.outcome === 'failed') return step
      if (step.outcome === 'expired') {
        renewals += 1
        if (renewals > 1) return failed('gone')
        continue
      }
      if (step.outcome === 'token') {
        if (isRefused) return { outcome: 'failed', code: 'unreachable', message: step.message, retry: true }
        isRefused = true
        const wait = (): Promise<void> => this.#deps.untilReady(signal)
        await (to.lendWhile?.(wait) ?? wait())
        continue
      }
      const wait = waits[attempt]
      if (wait === undefined) return failed('unreachable', true)
      attempt += 1
      await sleep(wait, undefined, { signal })
    }
  }

  async #attempt(source: MediaSource, to: MediaTarget, signal: AbortSignal): Promise<Step> {
    const { graph, access, timings } = this.#deps
    const phoneNumberId = access()?.phoneNumberId
    const query = phoneNumberId === undefined ? {} : { phone_number_id: phoneNumberId }
    const described = await graph.call({ method: 'GET', path: source.id, query, signal, ends: 'permission' })
    if (!described.ok) {
      const { problem } = described
      if (problem.kind === 'not_found') return failed('gone')
      if (problem.kind === 'auth') return { outcome: 'token', message: problemSentence(problem) }
      // The account is not served now: the file stays where it is meanwhile.
      if (problem.kind === 'restricted' || problem.kind === 'registration')
        return { outcome: 'failed', code: 'unreachable', message: problemSentence(problem), retry: true }
      return isPassing(problem.kind) ? { outcome: 'passing' } : failed('refused')
    }
    const { url, size, hash } = descriptionOf(described.body)
    if (url === null) return failed('refused')
    if (size > to.maxBytes) return tooLarge(to.maxBytes)
    const response = await graph.openFile(url, signal)
    // A host that may not see the token.
    if (response === null) return failed('refused')
    if (response.status !== 200) {
      await response.body?.cancel()
      return stepOf(response.status)
    }
    const { path, maxBytes } = to
    const saved = await saveFile(response, { path, maxBytes, idleMs: timings?.idleMs ?? IDLE_MS, signal })
    if (saved.result === 'too_large') return tooLarge(maxBytes)
    const told = source.sha256 ?? hash
    if (told === null || isHash(told, saved.sha256))
      return { outcome: 'fetched', size: saved.size, sha256: saved.sha256 }
    await rm(path, { force: true })
    return failed('damaged')
  }
}

/** What Meta says of a file; of a size that is none, nothing. */
function descriptionOf(body: unknown): { url: string | null; size: number; hash: string | null } {
  const { url, file_size: size, sha256 } = isRecord(body) ? body : {}
  const hash = typeof sha256 === 'string' && sha256 !== '' ? sha256 : null
  const isSize = typeof size === 'number' || typeof size === 'string'
  return { url: typeof url === 'string' ? url : null, size: isSize ? Number(size) || 0 : 0, hash }
}

function stepOf(status: number): Step {
  // Meta answers so to an address that is older than five minutes.
  if (status === 404 || status === 410) return { outcome: 'expired' }
  return status === 401 || status === 408 || status === 429 || status >= 500
    ? { outcome: 'passing' }
    : failed('refused')
}

function isPassing(kind: string): boolean {
  return kind === 'retry' || kind.startsWith('rate_')
}

function isOfDisk(error: unknown): boolean {
  const { syscall = '' } = error as NodeJS.ErrnoException
  return isDiskFull(error) || ['open', 'write', 'fsync', 'rename'].includes(syscall)
}
