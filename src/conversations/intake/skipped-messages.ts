import type { Logger } from 'pino'
import { storedTime } from '../../storage/database/stored-time.ts'
import type { EventPayload, EventPublisher } from '../../protocol/events.ts'

export type SkipReason = EventPayload<'message.skipped'>['reason']

/** A backlog comes within moments: it is one line. */
const FIRST_LINE_MS = 1_000
const NEXT_LINE_MS = 60_000

const WHY: Readonly<Record<SkipReason, string>> = {
  too_old: 'they came while the daemon was away, and are older than catchUp.maxAgeMinutes',
  paused: 'they were sent while the account was paused',
  chat_paused: 'an owner has paused the assistant in their chat, by /pause',
  taken_over: 'a person has taken their chat over, and answers there',
  assistant_off: 'the assistant is switched off in their chat',
  too_many: 'too many others wait for their answer',
  loop: 'the chat goes in circles: a machine repeats us, or the assistant talks with itself',
}

/** A person wants it so. */
const WANTED: ReadonlySet<SkipReason> = new Set(['chat_paused', 'taken_over', 'assistant_off'])

export interface SkippedMessagesDependencies {
  account: string
  publish: EventPublisher['publish']
  logger: Logger
  now: () => Date
}

/** Reports the messages to which nobody answers: each in an event, and all of a minute in one line of the log. */
export class SkippedMessages {
  readonly #deps: SkippedMessagesDependencies
  readonly #unlogged = new Map<SkipReason, number>()
  #timer: NodeJS.Timeout | null = null
  #loggedAt = Number.NEGATIVE_INFINITY
  #count = 0

  constructor(deps: SkippedMessagesDependencies) {
    this.#deps = deps
  }

  /** Of this run. */
  get count(): number {
    return this.#count
  }

  /** Called when it is stored. `sentAt` in milliseconds since 1970. */
  add(message: { messageId: string; conversation: string; sentAt: number }, reason: SkipReason): void {
    this.#count += 1
    const { account, publish, now } = this.#deps
    const { messageId, conversation } = message
    const sentAt = storedTime(message.sentAt).toISOString()
    publish('message.skipped', { account, messageId, conversation, reason, sentAt, at: now().toISOString() })
    this.#unlogged.set(reason, (this.#unlogged.get(reason) ?? 0) + 1)
    if (this.#timer !== null) return
    const restMs = this.#loggedAt + NEXT_LINE_MS - performance.now()
    this.#timer = setTimeout(() => this.flush(), Math.max(FIRST_LINE_MS, restMs))
    this.#timer.unref()
  }

  /** Writes to the log what is not there yet. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#unlogged.size === 0) return
    this.#loggedAt = performance.now()
    for (const [reason, count] of this.#unlogged) {
      const messages = count === 1 ? '1 message stays' : `${count} messages stay`
      this.#deps.logger[WANTED.has(reason) ? 'info' : 'warn'](
        { reason, count },
        `${messages} unanswered: ${WHY[reason]}`,
      )
    }
    this.#unlogged.clear()
  }
}
