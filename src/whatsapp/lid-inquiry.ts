import {
  isLidUser,
  jidDecode,
  jidEncode,
  USyncQuery,
  USyncUser,
  type WASocket,
} from '@whiskeysockets/baileys'
import type { LidDirectory, LidPair } from './lid-directory.ts'
import { TtlCache } from './ttl-cache.ts'

/** Numbers in one question. */
const NUMBERS_PER_QUERY = 50
/** Numbers that may wait for a question, in either queue. */
const MAX_WAITING = 1_000
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
const EXAMINED_AT_ONCE = 250

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
  /** Numbers that somebody waits for. */
  readonly #urgent = new Map<string, Waiter[]>()
  /** Numbers whose answer is good to have. */
  readonly #wanted = new Set<string>()
  /** What is still to be looked at of the numbers that are good to know. */
  #candidates: Iterator<string> = [].values()
  /** How many of them may still be asked for. */
  #room = 0
  #examining: NodeJS.Immediate | undefined
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

  /**
   * Asks, when there is time, for those of these numbers that were not confirmed lately; a bounded number at once. Takes the place
   * of what was wanted before and has not been looked at yet.
   */
  want(numbers: Iterable<string>): void {
    if (this.#deps.socket() === null) return
    this.#candidates = numbers[Symbol.iterator]()
    this.#room = MAX_WAITING - this.#wanted.size
    clearImmediate(this.#examining)
    this.#examine()
  }

  /** Each number is looked up in the database: of a long list some at a time, so that nothing waits for it. */
  #examine(): void {
    for (let examined = 0; examined < EXAMINED_AT_ONCE; examined += 1) {
      const { done, value: number } = this.#candidates.next()
      if (done === true || this.#room === 0) return this.#next()
      if (this.#ageOf(number) < NO_LID_MS || this.#wanted.has(number) || this.#isConfirmed(number)) continue
      this.#wanted.add(number)
      this.#room -= 1
    }
    this.#examining = setImmediate(() => this.#examine())
    this.#next()
  }

  #isConfirmed(number: string): boolean {
    const { confirmedAt, ownNumber } = this.#known()
    const at = confirmedAt(number)
    return number === ownNumber || (at !== null && Math.abs(this.#deps.now() - at) < CONFIRMED_MS)
  }

  /** The connection ended: who waits is told, and nothing is asked until the next one. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    clearImmediate(this.#examining)
    this.#wanted.clear()
    const waiting = [...this.#urgent.values()].flat()
    this.#urgent.clear()
    for (const { reject } of waiting) reject(new Error('the connection ended'))
  }

  #known(): { confirmedAt: (number: string) => number | null; ownNumber: string | null } {
    const { directory } = this.#deps
    return { confirmedAt: (number) => directory.confirmedAt(number), ownNumber: directory.ownNumber }
  }

  #ageOf(number: string): number {
    const at = this.#answered.get<number>(number)
    return at === undefined ? Number.POSITIVE_INFINITY : this.#deps.now() - at
  }

  #next(): void {
    const socket = this.#deps.socket()
    if (this.#isAsking || socket === null) return
    const isUrgent = this.#urgent.size > 0 && this.#takeToken()
    const batch = [...(isUrgent ? this.#urgent.keys() : this.#wanted)].slice(0, NUMBERS_PER_QUERY)
    if (batch.length === 0) {
      // Somebody waits, and the questions of this interval are used up.
      if (this.#urgent.size > 0) this.#timer ??= setTimeout(() => this.#wake(), TOKEN_MS).unref()
      return
    }
    const waiters = batch.flatMap((number) => this.#urgent.get(number) ?? [])
    for (const number of batch) {
      this.#urgent.delete(number)
      this.#wanted.delete(number)
    }
    this.#isAsking = true
    void this.#query(socket, batch)
      .then(
        () => waiters.forEach(({ resolve }) => resolve()),
        (error: unknown) => {
          const reason = error instanceof Error ? error : new Error(String(error))
          waiters.forEach(({ reject }) => reject(reason))
        },
      )
      .finally(() => {
        this.#isAsking = false
        this.#next()
      })
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
