import {
  isLidUser,
  jidDecode,
  jidEncode,
  USyncQuery,
  USyncUser,
  type WASocket,
} from '@whiskeysockets/baileys'
import type { LidDirectory, LidPair } from './lid-directory.ts'
import { TtlCache } from '../signal/ttl-cache.ts'

/** Numbers in one question. */
const NUMBERS_PER_QUERY = 50
/** Numbers with pending callers. */
const MAX_WAITING = 1_000
/** Questions about those who may talk that follow each other at once; further ones come one in each interval. */
const QUICK_QUERIES = 20
/** Numbers looked at in one turn of the event loop. */
const NUMBERS_PER_TURN = 250
/** The numbers of those who may talk are gone through again because of an unknown LID; no longer than a stranger waits for a code. */
const REPEAT_MS = 30_000
/** An answer counts for this long when a message says otherwise. */
const FRESH_MS = 60_000
/** An answer without a LID is not asked for again before. */
const NO_LID_MS = 60 * 60_000
/** A confirmed LID is confirmed again after this. */
const CONFIRMED_MS = 24 * 60 * 60_000
/** Questions that strangers cause: so many at once, then one in each interval. */
const MAX_TOKENS = 6
const TOKEN_MS = 5_000
const MAX_REMEMBERED = 50_000

/** The part of a socket that asks. */
export type AskingSocket = Pick<WASocket, 'executeUSyncQuery'>

export interface LidInquiryDependencies {
  directory: Pick<LidDirectory, 'learn' | 'confirmedAt' | 'ownNumber'>
  /** `null` unless the link is open. */
  socket: () => AskingSocket | null
  now: () => number
}

interface Waiter {
  resolve: () => void
  reject: (error: Error) => void
}

/**
 * Asks WhatsApp's directory which LID a number has, one question at a time, many numbers in each. What messages make us
 * ask goes first and is paced, so that a stranger cannot make us ask without end. Numbers are digits.
 */
export class LidInquiry {
  readonly #deps: LidInquiryDependencies
  readonly #answered: TtlCache
  /** Numbers with pending callers. */
  readonly #urgent = new Map<string, Waiter[]>()
  /** Numbers whose answer is good to have: what is left to look at, and the next question. */
  #wanted: Iterator<string> | null = null
  #wantedBatch: string[] = []
  #wantedAt = 0
  /** Whether those numbers are being gone through, what went wrong the latest time, and who waits for the end of it. */
  #isGoingThrough = false
  #wantedFailure: Error | null = null
  #wantedWaiters: Waiter[] = []
  #quickQueries = 0
  #turn: NodeJS.Immediate | undefined
  #isAsking = false
  #tokens = MAX_TOKENS
  #refilledAt: number
  #timer: NodeJS.Timeout | undefined

  constructor(deps: LidInquiryDependencies) {
    this.#deps = deps
    this.#answered = new TtlCache({ limit: MAX_REMEMBERED, ttlMs: NO_LID_MS, now: deps.now })
    this.#refilledAt = deps.now()
  }

  /** Resolves when WhatsApp has answered about these numbers, within the last minute. Rejects when it does not. */
  async ask(numbers: readonly string[]): Promise<void> {
    const due = numbers.filter((number) => this.#ageOf(number) >= FRESH_MS)
    if (due.length === 0) return
    if (this.#deps.socket() === null) throw new Error('not connected')
    if (this.#urgent.size + due.length > MAX_WAITING) throw new Error('too many questions wait already')
    const answers = due.map(
      (number) =>
        new Promise<void>((resolve, reject) => {
          const waiters = this.#urgent.get(number) ?? []
          waiters.push({ resolve, reject })
          this.#urgent.set(number, waiters)
        }),
    )
    this.#next()
    await Promise.all(answers)
  }

  /** The same, whatever WhatsApp answered a moment ago. */
  renew(number: string): Promise<void> {
    this.#answered.del(number)
    return this.ask([number])
  }

  /** Asks, one question after the other, for those of these numbers that were not confirmed lately. */
  want(numbers: Iterable<string>): void {
    if (this.#deps.socket() === null) return
    this.#wanted = numbers[Symbol.iterator]()
    this.#wantedBatch = []
    this.#wantedAt = this.#deps.now()
    this.#isGoingThrough = true
    this.#wantedFailure = null
    this.#quickQueries = QUICK_QUERIES
    this.#next()
  }

  /**
   * The same, unless that is under way or was done a moment ago. Resolves when all of them have been gone through and WhatsApp answered
   * every question; rejects when it did not.
   */
  async wantAgain(numbers: () => Iterable<string>): Promise<void> {
    if (this.#deps.socket() === null) throw new Error('not connected')
    const isRecent = Math.abs(this.#deps.now() - this.#wantedAt) < REPEAT_MS
    if (!this.#isGoingThrough && isRecent) {
      if (this.#wantedFailure !== null) throw this.#wantedFailure
      return
    }
    await new Promise<void>((resolve, reject) => {
      this.#wantedWaiters.push({ resolve, reject })
      if (!this.#isGoingThrough) this.want(numbers())
    })
  }

  /** The connection ended: pending callers are rejected, and nothing is asked until the next one. */
  stop(): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#turn)
    this.#timer = undefined
    this.#turn = undefined
    this.#wanted = null
    this.#wantedBatch = []
    const waiting = [...this.#urgent.values()].flat()
    this.#urgent.clear()
    const ended = new Error('the connection ended')
    for (const { reject } of waiting) reject(ended)
    if (!this.#isGoingThrough) return
    this.#wantedFailure = ended
    this.#goneThrough()
  }

  #ageOf(number: string): number {
    const at = this.#answered.get<number>(number)
    return at === undefined ? Number.POSITIVE_INFINITY : this.#deps.now() - at
  }

  #next(): void {
    const socket = this.#deps.socket()
    if (this.#isAsking || socket === null) return
    const urgent = this.#urgentBatch()
    const batch = urgent ?? this.#nextWanted()
    if (batch === null && this.#wanted === null && this.#isGoingThrough) this.#goneThrough()
    // Callers are pending, and the questions of this interval are used up.
    if (batch === null && (this.#urgent.size > 0 || (this.#wanted !== null && this.#quickQueries === 0)))
      this.#timer ??= setTimeout(() => this.#wake(), TOKEN_MS).unref()
    if (batch === null) return
    const waiters = batch.flatMap((number) => this.#urgent.get(number) ?? [])
    for (const number of batch) this.#urgent.delete(number)
    this.#isAsking = true
    void this.#query(socket, batch)
      .then(
        () => waiters.forEach(({ resolve }) => resolve()),
        (error: unknown) => {
          const reason = error instanceof Error ? error : new Error(String(error))
          if (urgent === null) this.#wantedFailure = reason
          waiters.forEach(({ reject }) => reject(reason))
        },
      )
      .finally(() => {
        this.#isAsking = false
        this.#next()
      })
  }

  /** All of those who may talk were looked at, and what was asked about them has come to an end. */
  #goneThrough(): void {
    const failure = this.#wantedFailure
    const waiters = this.#wantedWaiters
    this.#isGoingThrough = false
    this.#wantedWaiters = []
    for (const { resolve, reject } of waiters) {
      if (failure === null) resolve()
      else reject(failure)
    }
  }

  #urgentBatch(): string[] | null {
    if (this.#urgent.size === 0 || !this.#takeToken()) return null
    return [...this.#urgent.keys()].slice(0, NUMBERS_PER_QUERY)
  }

  /** The next question about those who may talk; `null` while the list is still being looked through, or nothing is left. */
  #nextWanted(): string[] | null {
    if (this.#wanted === null || this.#quickQueries === 0 || this.#turn !== undefined) return null
    for (let looked = 0; looked < NUMBERS_PER_TURN; looked += 1) {
      const next = this.#wanted.next()
      if (next.done === true) {
        this.#wanted = null
        return this.#takeWantedBatch()
      }
      if (this.#isDue(next.value)) this.#wantedBatch.push(next.value)
      if (this.#wantedBatch.length === NUMBERS_PER_QUERY) return this.#takeWantedBatch()
    }
    this.#turn = setImmediate(() => {
      this.#turn = undefined
      this.#next()
    })
    return null
  }

  #takeWantedBatch(): string[] | null {
    const batch = this.#wantedBatch
    this.#wantedBatch = []
    if (batch.length === 0) return null
    this.#quickQueries -= 1
    return batch
  }

  #isDue(number: string): boolean {
    const { directory, now } = this.#deps
    if (number === directory.ownNumber || this.#ageOf(number) < NO_LID_MS) return false
    const at = directory.confirmedAt(number)
    return at === null || Math.abs(now() - at) >= CONFIRMED_MS
  }

  async #query(socket: AskingSocket, numbers: readonly string[]): Promise<void> {
    const query = new USyncQuery().withLIDProtocol().withContext('background')
    for (const number of numbers) query.withUser(new USyncUser().withId(jidEncode(number, 's.whatsapp.net')))
    const answer = await socket.executeUSyncQuery(query)
    // Baileys answers a question that was refused, or ran out of time, with nothing.
    if (answer === undefined) throw new Error('WhatsApp did not say whose LIDs these are')
    for (const number of numbers) this.#answered.set(number, this.#deps.now())
    this.#deps.directory.learn(pairsOf(answer.list, new Set(numbers)))
  }

  #wake(): void {
    this.#timer = undefined
    if (this.#quickQueries === 0) this.#quickQueries = 1
    this.#next()
  }

  #takeToken(): boolean {
    const at = this.#deps.now()
    const passed = at - this.#refilledAt
    // A clock that was set back starts the interval anew.
    if (passed < 0) this.#refilledAt = at
    const gained = Math.floor(Math.max(0, passed) / TOKEN_MS)
    this.#tokens = Math.min(MAX_TOKENS, this.#tokens + gained)
    this.#refilledAt += gained * TOKEN_MS
    if (this.#tokens === 0) return false
    this.#tokens -= 1
    return true
  }
}

/** The pairs of an answer; only those that were asked for. */
export function pairsOf(
  list: readonly { id: string; [protocol: string]: unknown }[],
  asked: ReadonlySet<string>,
): LidPair[] {
  return list.flatMap(({ id, lid }) => {
    const phoneNumber = jidDecode(id)?.user
    const digits = typeof lid === 'string' && isLidUser(lid) === true ? jidDecode(lid)?.user : undefined
    if (phoneNumber === undefined || digits === undefined) return []
    return asked.has(phoneNumber) && /^\d{1,20}$/.test(digits) ? [{ lid: digits, phoneNumber }] : []
  })
}
