import { createHash, randomInt } from 'node:crypto'
import type { Logger } from 'pino'
import type { SendHold } from '../../../messaging/send-hold.ts'
import { TimerSet } from '../../../timing/timer-set.ts'
import { type LinkFacts, NO_LINK } from '../../link.ts'
import type { BusinessCredentials } from '../credentials/business-credentials.ts'
import type { ConnectionFile } from '../credentials/connection-file.ts'
import type { MissingCredentials } from '../credentials/credential-source.ts'
import type { GraphClient, UseOfToken } from '../graph/graph-client.ts'
import type { GraphProblem } from '../graph/graph-problem.ts'
import type { BusinessFacts, BusinessFactsStore } from './business-facts.ts'
import { type Failure, isOfToken, isTokenEnded, reasonOfProblem } from './reason-of-problem.ts'
import { setUp, type SetUpResult } from './set-up.ts'
import type { SetUpContext } from './set-up-context.ts'

export interface LifeTimings {
  /** Between checks of a number that works. */
  checkEveryMs: number
  /** Between looks whether the token is another one. */
  lookEveryMs: number
  /** Before the second attempt to reach WhatsApp; each further wait is twice as long. */
  firstRetryMs: number
  longestRetryMs: number
  /** How soon what waits for a person is checked by itself. */
  recheckMs: number
}

export const LIFE_TIMINGS: LifeTimings = {
  checkEveryMs: 24 * 60 * 60_000,
  lookEveryMs: 10_000,
  firstRetryMs: 5_000,
  longestRetryMs: 15 * 60_000,
  recheckMs: 60 * 60_000,
}

const CALL_TIMEOUT_MS = 20_000
/** How soon a token that was refused is looked at again: Meta has said so by mistake before. */
const CONFIRM_MS = 60_000

export interface BusinessLifeDependencies {
  facts: BusinessFactsStore
  file: ConnectionFile
  /** As they are now; `null` where something is missing. Throws `StorageError`. */
  credentials: () => BusinessCredentials | null
  /** Why there are none. */
  missing: () => MissingCredentials | null
  graph: Pick<GraphClient, 'call'>
  nameOf: SetUpContext['nameOf']
  /** Facts have changed. */
  changed: () => void
  /** The number can be used now, or no longer. */
  readyChanged: (ready: boolean) => void
  /** Token, ids or server are others now. */
  credentialsChanged: () => void
  storageFailed: (error: unknown) => void
  timings: () => LifeTimings
  logger: Logger
  now: () => number
  random: () => number
}

type Phase = 'idle' | 'connecting' | 'open' | 'waiting' | 'ended'

/** The life of a Business number: it is checked at the start, daily, and when token or config are others; facts survive a restart. */
export class BusinessLife {
  readonly #deps: BusinessLifeDependencies
  readonly #timers = new TimerSet<'check' | 'look'>()
  #phase: Phase = 'idle'
  #wasOpen = false
  #failure: Failure | null = null
  /** Counts starts and stops, and what makes a check under way stale. */
  #run = 0
  #isStarted = false
  #checking: AbortController | null = null
  /** A check was asked for while one was under way. */
  #isWanted = false

  constructor(deps: BusinessLifeDependencies) {
    this.#deps = deps
  }

  get facts(): LinkFacts {
    const { failures, attemptAt, isDisconnected } = this.#deps.facts.current
    const linked = !isDisconnected && this.#credentials() !== null
    const isAtRest = this.#phase === 'idle' || this.#phase === 'ended' || this.#phase === 'waiting'
    const why = isAtRest ? this.#why(linked) : null
    return {
      ...NO_LINK,
      phase: this.#phase,
      linked,
      reason: why?.reason ?? null,
      ...(why?.detail !== undefined && { detail: why.detail }),
      wasOpen: this.#wasOpen,
      failures,
      attemptAt: this.#phase === 'waiting' ? attemptAt : null,
      until: this.#failure?.kind === 'end' ? (this.#failure.until ?? null) : null,
    }
  }

  get isOpen(): boolean {
    return this.#phase === 'open'
  }

  start(): void {
    this.#isStarted = true
    this.#run += 1
    const { end, attemptAt } = this.#deps.facts.current
    this.#failure = end && fromStored(end)
    this.#timers.set('look', this.#deps.timings().lookEveryMs, () => this.#look())
    // What was waited for before a restart is waited for on.
    const waitMs = (attemptAt ?? 0) - this.#deps.now()
    if (waitMs > 0 && waitMs <= this.#deps.timings().longestRetryMs && this.#credentials() !== null) {
      this.#enter('waiting')
      this.#timers.set('check', waitMs, () => this.check())
      return
    }
    this.check()
  }

  /** Idempotent; nothing is asked afterwards, and nothing comes of what was asked. */
  stop(): void {
    this.#isStarted = false
    this.#run += 1
    this.#timers.clear()
    this.#checking?.abort()
    this.#checking = null
    this.#enter('idle')
  }

  /** Asks WhatsApp now; one check at a time. */
  check(): void {
    if (!this.#isStarted) return
    if (this.#checking !== null) {
      this.#isWanted = true
      return
    }
    this.#timers.cancel('check')
    void this.#check(this.#run).catch((error: unknown) => this.#deps.storageFailed(error))
  }

  /** A person wants it to be used, and its set-up to be finished. Throws `StorageError`. */
  resume(change: Partial<BusinessFacts>): void {
    this.#deps.facts.update({ ...change, isDisconnected: false, attemptAt: null, failures: 0 })
    this.#restartCheck()
  }

  /** WhatsApp said in a webhook that the number cannot be used any more. */
  end(failure: Extract<Failure, { kind: 'end' }>): void {
    this.#checking?.abort()
    this.#settle({ isUp: false, failure })
  }

  /** Sending is held now, or no longer: what Meta refuses for the account's sake shows in a check, too. */
  holdChanged(hold: SendHold | null): void {
    const { changed, readyChanged } = this.#deps
    changed()
    if (hold === null && this.isOpen) readyChanged(true)
    if (hold !== null && this.isOpen && !hold.code.endsWith('_rate')) this.checkSoon(0)
  }

  /** Meta does not take the token any more: what waits goes out with another one. Of one that was replaced meanwhile it says nothing. */
  tokenRefused(problem: GraphProblem, { ends, token }: UseOfToken): void {
    const failure = reasonOfProblem(problem)
    const isMeant = ends === 'token' ? isTokenEnded(failure) : isOfToken(failure)
    if (failure.kind !== 'end' || !isMeant || !this.isOpen) return
    if (token !== this.#credentials()?.accessToken) return
    try {
      this.end(failure)
      this.checkSoon(CONFIRM_MS)
    } catch (error) {
      this.#deps.storageFailed(error)
    }
  }

  /** It is checked again soon, because something about it has changed. */
  checkSoon(delayMs: number): void {
    if (this.#isStarted) this.#timers.set('check', delayMs, () => this.check())
  }

  /**
   * Nothing is asked until somebody connects it again, or gives other credentials than are there by now. Throws `StorageError`, with nothing
   * changed on the disk.
   */
  disconnected(failure: Extract<Failure, { kind: 'end' }>): void {
    this.#run += 1
    this.#timers.cancel('check')
    this.#checking?.abort()
    this.#checking = null
    this.#failure = failure
    const left = this.#credentials()
    this.#deps.facts.update({
      isDisconnected: true,
      // What config and environment still have is no news: the number would be connected again with it.
      ...(left !== null && { fingerprint: fingerprintOf(left) }),
      number: null,
      ownNumber: null,
      health: null,
      tokenExpiresAt: null,
      checkedAt: null,
      restriction: null,
      connectedAt: null,
      mayRegister: false,
      subscribed: null,
      steps: {},
      end: stored(failure),
      attemptAt: null,
      failures: 0,
    })
    this.#enter('idle')
  }

  #restartCheck(): void {
    this.#run += 1
    this.#checking?.abort()
    this.#checking = null
    this.check()
  }

  /** Looks now and then whether token, ids or secrets are others: those in files are replaced without a word. */
  #look(): void {
    this.#timers.set('look', this.#deps.timings().lookEveryMs, () => this.#look())
    this.lookAgain()
  }

  /** The config, or what it refers to, may be another. Answers whether there are other credentials now. */
  lookAgain(): boolean {
    if (!this.#isStarted) return false
    try {
      const { fingerprint: known, phoneNumberId } = this.#deps.facts.current
      const credentials = this.#credentials()
      const isOtherNumber = phoneNumberId !== this.#deps.facts.current.phoneNumberId
      const isOther = credentials !== null && known !== null && fingerprintOf(credentials) !== known
      if (isOther) {
        this.#deps.facts.update({
          isDisconnected: false,
          attemptAt: null,
          failures: 0,
          end: null,
          // That another number may be registered, nobody has said.
          ...(isOtherNumber && { mayRegister: false }),
        })
        this.#deps.credentialsChanged()
        this.#restartCheck()
      } else if (
        (credentials === null) !== (this.#phase === 'idle') &&
        !this.#deps.facts.current.isDisconnected
      )
        this.#restartCheck()
      return isOther
    } catch (error) {
      this.#deps.storageFailed(error)
      return false
    }
  }

  async #check(run: number): Promise<void> {
    const { facts, now } = this.#deps
    const credentials = this.#credentials()
    if (credentials === null || facts.current.isDisconnected) {
      this.#enter('idle')
      return
    }
    const stop = new AbortController()
    this.#checking = stop
    this.#isWanted = false
    facts.update({ fingerprint: fingerprintOf(credentials) })
    if (this.#phase !== 'open') this.#enter('connecting')
    try {
      const result = await setUp(this.#context(credentials, stop.signal))
      if (run !== this.#run || stop.signal.aborted) return
      facts.update({ checkedAt: now(), fingerprint: fingerprintOf(this.#withLearned(credentials)) })
      this.#settle(result)
    } finally {
      if (this.#checking === stop) this.#checking = null
      if (this.#isWanted) this.checkSoon(0)
    }
  }

  /** What was checked, with the id of the number that the set-up has learned: what the config has by now may be another. */
  #withLearned(checked: BusinessCredentials): BusinessCredentials {
    const current = this.#credentials()
    const hasLearned = checked.phoneNumberId === '' && current?.accessToken === checked.accessToken
    return hasLearned ? { ...checked, phoneNumberId: current.phoneNumberId } : checked
  }

  #settle(result: SetUpResult): void {
    const { facts, timings, now, random, logger } = this.#deps
    const { checkEveryMs, firstRetryMs, longestRetryMs, recheckMs } = timings()
    const failure = result.isUp ? result.later : result.failure
    if (result.isUp) this.#wasOpen = true
    this.#failure = result.isUp ? null : result.failure
    if (failure?.kind === 'wait') {
      const { failures } = facts.current
      const backOff = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures, 20))
      const waitMs = Math.max(failure.retryAfterMs ?? 0, backOff * (0.75 + random() / 2))
      facts.update({ failures: failures + 1, attemptAt: now() + waitMs, ...(result.isUp && { end: null }) })
      this.#enter(result.isUp ? 'open' : 'waiting')
      this.checkSoon(waitMs)
      return
    }
    if (failure === null) {
      facts.update({ failures: 0, attemptAt: null, end: null })
      this.#enter('open')
      this.checkSoon(checkEveryMs)
      return
    }
    logger.warn({ reason: failure.reason }, 'the Business number cannot be used')
    facts.update({ failures: 0, attemptAt: null, end: stored(failure) })
    this.#enter('ended')
    this.checkSoon(Math.max(0, failure.until === undefined ? recheckMs : failure.until - now()))
  }

  #context(before: BusinessCredentials, signal: AbortSignal): SetUpContext {
    const { facts, file, graph, nameOf, now, changed } = this.#deps
    return {
      credentials: () => this.#credentials() ?? before,
      ask: (request) => graph.call({ ...request, signal, timeoutMs: CALL_TIMEOUT_MS }),
      facts,
      file,
      nameOf,
      now,
      newPin: () => String(randomInt(1_000_000)).padStart(6, '0'),
      report: (step, state) => {
        if (signal.aborted) return
        facts.update({ steps: { ...facts.current.steps, [step]: state } })
        changed()
      },
    }
  }

  /** `null` also where the disk refuses, which is told. */
  #credentials(): BusinessCredentials | null {
    try {
      return this.#deps.credentials()
    } catch (error) {
      this.#deps.storageFailed(error)
      return null
    }
  }

  #why(linked: boolean): Pick<Failure, 'reason' | 'detail'> | null {
    if (this.#phase !== 'idle') return this.#failure
    if (this.#deps.facts.current.isDisconnected) return this.#failure ?? { reason: 'business_disconnected' }
    return linked ? null : this.#deps.missing()
  }

  #enter(phase: Phase): void {
    const wasOpen = this.#phase === 'open'
    this.#phase = phase
    if (wasOpen !== (phase === 'open')) this.#deps.readyChanged(phase === 'open')
    this.#deps.changed()
  }
}

/** Of what makes another case of it; nothing can be read out of it. */
function fingerprintOf({
  accessToken,
  phoneNumberId,
  businessAccountId,
  baseUrl,
  provider,
}: BusinessCredentials): string {
  const parts = [provider, baseUrl, accessToken, businessAccountId, phoneNumberId]
  return createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 22)
}

function stored({ reason, detail, until }: Extract<Failure, { kind: 'end' }>): BusinessFacts['end'] {
  return { reason, detail: detail ?? null, until: until ?? null }
}

function fromStored({ reason, detail, until }: NonNullable<BusinessFacts['end']>): Failure {
  return {
    kind: 'end',
    reason,
    ...(detail !== null && { detail }),
    ...(until !== null && { until }),
  }
}
