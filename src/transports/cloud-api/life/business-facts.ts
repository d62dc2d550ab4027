import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { BUSINESS_STEPS } from '../../../protocol/account/business.ts'
import { REASON_CODES } from '../../../protocol/reasons.ts'
import type { Database } from '../../../storage/database/database.ts'
import { numberHealthSchema } from './number-health.ts'

const NAME = 'business'

const text = z.string().nullable()
const time = z.number().nullable()

const stepSchema = z.object({
  state: z.enum(['done', 'running', 'failed', 'waiting', 'skipped']),
  code: text,
  message: text,
  action: text,
})

const numberSchema = z.object({
  displayNumber: text,
  verifiedName: text,
  status: text,
  platform: text,
  quality: text,
  messagingLimit: text,
  isOnBusinessApp: z.boolean().nullable(),
  isPinEnabled: z.boolean().nullable(),
  accountMode: text,
})

/** What WhatsApp said of the number; `null` for what it did not say. */
export type NumberFacts = z.infer<typeof numberSchema>
export type StepFacts = z.infer<typeof stepSchema>

const factsSchema = z.object({
  /** What the daemon gives out where nobody else does. */
  verifyToken: z.string(),
  pathSecret: z.string(),
  /** The id of the number that these facts are of; `null` before one was known, and in what an earlier version kept. */
  phoneNumberId: text.default(null),
  /** Of what was used last: another token is another case. */
  fingerprint: text,
  checkedAt: time,
  tokenExpiresAt: time,
  number: numberSchema.nullable(),
  /** The account's own number in E.164, as webhooks name it; `null` before one came. */
  ownNumber: text.default(null),
  /** Whether messages can be sent, as WhatsApp said at the last check. */
  health: numberHealthSchema.nullable().default(null),
  steps: z.partialRecord(z.enum(BUSINESS_STEPS), stepSchema),
  /** Consecutive failures to reach WhatsApp. */
  failures: z.number(),
  attemptAt: time,
  /** Why it waits for a person. */
  end: z.object({ reason: z.enum(REASON_CODES), detail: text, until: time }).nullable(),
  /** Said by WhatsApp in a webhook; ends with `until` where that is known. */
  restriction: z.object({ detail: z.string(), until: time }).nullable(),
  /** A person disconnected it: nothing is asked until somebody connects it again, or gives another token. */
  isDisconnected: z.boolean(),
  /** Whether somebody asked that the set-up be finished: then the number may be registered. */
  mayRegister: z.boolean(),
  /** When somebody connected it last. */
  connectedAt: time,
  /** For which token, account and address the app was subscribed. */
  subscribed: text,
  firstWebhookAt: time,
  /** Which of the two syncs of coexistence were asked for. */
  synced: z.array(z.enum(['smb_app_state_sync', 'history'])),
})

/** What people have copied into pages of others. */
const copiedSchema = factsSchema.pick({ verifyToken: true, pathSecret: true })

/** Times in milliseconds since the epoch. */
export type BusinessFacts = z.infer<typeof factsSchema>

/** What must outlive a restart about a Business number, in the account's database; writes only what changed. */
export class BusinessFactsStore {
  readonly #database: Database
  #facts: BusinessFacts

  /** Throws `StorageError`. */
  constructor(database: Database) {
    this.#database = database
    this.#facts = this.#read()
  }

  get current(): BusinessFacts {
    return this.#facts
  }

  /**
   * The account has this number now. What was known of another one is gone, and `changed` does the rest inside of the same transaction; `isFirst`:
   * none was known before. Answers whether there was another one. Throws `StorageError`, with nothing changed.
   */
  follow(phoneNumberId: string, changed: (isFirst: boolean) => void): boolean {
    const before = this.#facts
    if (phoneNumberId === '' || phoneNumberId === before.phoneNumberId) return false
    const isFirst = before.phoneNumberId === null
    try {
      this.#database.transaction(() => {
        this.update({
          phoneNumberId,
          ...(!isFirst && { number: null, ownNumber: null, restriction: null, firstWebhookAt: null }),
        })
        changed(isFirst)
      })
      return !isFirst
    } catch (error) {
      this.#facts = before
      throw error
    }
  }

  /** Throws `StorageError`, with nothing changed. */
  update(change: Partial<BusinessFacts>): void {
    const next = { ...this.#facts, ...change }
    if (JSON.stringify(next) === JSON.stringify(this.#facts)) return
    this.#write(next)
    this.#facts = next
  }

  #write(facts: BusinessFacts): void {
    this.#database.transaction(() => {
      this.#database
        .prepare(
          'INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
        )
        .run(NAME, JSON.stringify(facts))
    })
  }

  /** Of what cannot be read everything is asked for again; only what people have copied elsewhere is kept where it can be read. */
  #read(): BusinessFacts {
    const row = this.#database.prepare('SELECT value FROM facts WHERE name = ?').get(NAME) as
      | { value: string }
      | undefined
    const known = parse(row?.value)
    const parsed = factsSchema.safeParse(known)
    if (parsed.success) return parsed.data
    const copied = copiedSchema.safeParse(known)
    const fresh = { ...freshFacts(), ...(copied.success && copied.data) }
    this.#write(fresh)
    return fresh
  }
}

function freshFacts(): BusinessFacts {
  return {
    verifyToken: randomBytes(16).toString('base64url'),
    pathSecret: randomBytes(16).toString('base64url'),
    phoneNumberId: null,
    fingerprint: null,
    checkedAt: null,
    tokenExpiresAt: null,
    number: null,
    ownNumber: null,
    health: null,
    steps: {},
    failures: 0,
    attemptAt: null,
    end: null,
    restriction: null,
    isDisconnected: false,
    mayRegister: false,
    connectedAt: null,
    subscribed: null,
    firstWebhookAt: null,
    synced: [],
  }
}

function parse(json: string | undefined): unknown {
  try {
    return json === undefined ? null : JSON.parse(json)
  } catch {
    return null
  }
}
