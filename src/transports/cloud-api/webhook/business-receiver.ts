import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Logger } from 'pino'
import type {
  WebhookAnswer,
  WebhookHealth,
  WebhookReceiver,
  WebhookRequest,
} from '../../../messaging/webhook-receiver.ts'
import type { Database } from '../../../storage/database/database.ts'
import type { BusinessCredentials } from '../credentials/business-credentials.ts'
import type { BusinessUpdate } from './business-update.ts'
import type { HealthCounts } from './health-counts.ts'
import { toNewUpdate } from './new-update.ts'
import { CLOSED, judgeHead, NO_NUMBER, NOT_SIGNED_SO, receiveWebhook, TOO_MUCH } from './receive-webhook.ts'
import type { UpdateJournal } from './update-journal.ts'
import type { UpdateWork } from './update-work.ts'
import type { NumberClaim, NumberReceiver, WebhookNumbers } from './webhook-numbers.ts'
import { isSame, isSignature, type SignatureCheck } from './webhook-signature.ts'
import { type PrivateWordsDependencies, withoutPrivateWords } from './without-private-words.ts'

/** Updates that are stored without a pause for others. */
const SLICE = 50
/** Longer ones are not sent, and nobody is made to repeat them. */
const MAX_CHALLENGE = 1_024
const SIGNATURE = 'x-hub-signature-256'
const SHA1_SIGNATURE = 'x-hub-signature'
/** 360dialog signs some of its webhooks so. */
const DIALOG_SIGNATURE = 'x-360dialog-signature'

const FULL: WebhookAnswer = { status: 503, reason: 'What came before is still worked on.' }
const NOT_STORED: WebhookAnswer = { status: 500, reason: 'It could not be stored.' }
const NOT_SIGNED_BY_DIALOG =
  'It was not signed, and the account has an app secret (cloudApi.appSecret): take that out where 360dialog signs nothing.'
type Head = Omit<WebhookRequest, 'body'>

export interface BusinessReceiverDependencies extends PrivateWordsDependencies {
  account: string
  database: Pick<Database, 'commit' | 'isUsable'>
  journal: UpdateJournal
  work: Pick<UpdateWork, 'wake'>
  health: HealthCounts
  /** All numbers of this daemon; this one is added. */
  numbers: WebhookNumbers
  /** Read anew each time, so that a replaced secret counts at once. */
  credentials: () => BusinessCredentials | null
  /** The number that it has, also while it has no credentials; `null` for none. Throws `StorageError`. */
  claim: () => NumberClaim | null
  logger: Logger
}

/**
 * Where WhatsApp's server posts to. A request counts once its sender is proven: by an HMAC over its bytes with the app's secret, or at
 * 360dialog, which need not sign, by a secret in the path. It is answered when all of it is on disk; the work on it comes afterwards.
 */
export class BusinessReceiver implements WebhookReceiver, NumberReceiver {
  readonly #deps: BusinessReceiverDependencies

  constructor(deps: BusinessReceiverDependencies) {
    this.#deps = deps
    deps.numbers.add(this)
  }

  get account(): string {
    return this.#deps.account
  }

  get isOpen(): boolean {
    return this.#deps.database.isUsable
  }

  get health(): WebhookHealth {
    return this.#deps.health.current
  }

  get claim(): NumberClaim | null {
    try {
      return this.#deps.claim()
    } catch {
      // What cannot be read may be any number.
      return { phoneNumberId: null, businessAccountId: null }
    }
  }

  challenge(query: URLSearchParams, pathSecret: string | null): string | null {
    const credentials = this.#credentials
    const challenge = query.get('hub.challenge') ?? ''
    const isAsked =
      query.get('hub.mode') === 'subscribe' && challenge !== '' && challenge.length <= MAX_CHALLENGE
    if (!isAsked || !credentials?.verifyToken) return null
    if (!hasPathSecret(credentials, pathSecret)) return null
    return isSame(query.get('hub.verify_token') ?? '', credentials.verifyToken) ? challenge : null
  }

  refusal(head: Head): WebhookAnswer | null {
    const { account, numbers } = this.#deps
    const refusal = judgeHead(account, head, numbers.open(account))
    if (refusal === null) return null
    if (refusal.status === 503) this.#deps.health.postponed(refusal.reason ?? '')
    else this.refused(refusal.reason ?? NOT_SIGNED_SO)
    return refusal
  }

  turnedAway(): void {
    this.#deps.health.postponed(TOO_MUCH)
  }

  async receive(request: WebhookRequest): Promise<WebhookAnswer> {
    const { account, numbers, health } = this.#deps
    const refusal = this.refusal(request)
    if (refusal !== null) return refusal
    const answer = await receiveWebhook(account, request, numbers)
    if (answer.status >= 500) health.postponed(answer.reason ?? '')
    return answer
  }

  judge(head: Head): WebhookAnswer | null {
    const credentials = this.#credentials
    if (credentials === null || credentials.phoneNumberId === '') return NO_NUMBER
    const { provider, appSecrets } = credentials
    if (provider === '360dialog') return judgeDialogHead(credentials, head)
    if (appSecrets.length === 0)
      return refused(403, 'The account has no app secret (cloudApi.appSecret), so nobody can be believed.')
    const signature = head.headers[SIGNATURE]
    if (typeof signature === 'string' && isSignature(signature)) return null
    if (signature !== undefined) return refused(401, NOT_SIGNED_SO)
    const hasSha1 = head.headers[SHA1_SIGNATURE] !== undefined
    return refused(401, hasSha1 ? 'It was signed with SHA-1 alone.' : 'It was not signed.')
  }

  proves(request: WebhookRequest, check: SignatureCheck): boolean {
    const credentials = this.#credentials
    if (credentials === null || !hasPathSecret(credentials, request.pathSecret)) return false
    return isAuthentic(request, credentials, check)
  }

  accepted(by: string): void {
    this.#deps.health.accepted(by === this.account ? null : by)
  }

  refused(reason: string): void {
    this.#deps.health.refused(reason)
  }

  foreign(count: number): void {
    this.#deps.health.foreign(count)
  }

  unsupported(count: number): void {
    this.#deps.health.unsupported(count)
  }

  has(updates: readonly BusinessUpdate[]): boolean {
    return this.#deps.journal.has(updates.flatMap((update) => toNewUpdate(update) ?? []))
  }

  async keep(updates: readonly BusinessUpdate[]): Promise<WebhookAnswer> {
    const { journal, work, database, logger } = this.#deps
    try {
      if (!journal.hasRoom(updates.length)) return FULL
      await this.#keep(updates)
      database.commit()
      work.wake()
      return { status: 200 }
    } catch (error) {
      // What the disk refused is told of the account, which is closed for it.
      if (!database.isUsable) return CLOSED
      logger.error({ err: error }, 'a webhook could not be stored')
      return NOT_STORED
    }
  }

  /** `null` also where the disk refuses them. */
  get #credentials(): BusinessCredentials | null {
    try {
      return this.#deps.credentials()
    } catch {
      return null
    }
  }

  /** In pieces: each is whole, and means nothing when it comes again. */
  async #keep(updates: readonly BusinessUpdate[]): Promise<void> {
    const { journal, health, people, sink, now } = this.#deps
    for (let start = 0; start < updates.length; start += SLICE) {
      if (start > 0) await nextTurn()
      const kept = updates
        .slice(start, start + SLICE)
        .flatMap((update) => withoutPrivateWords(update, { people, sink, now }) ?? [])
        .map(toNewUpdate)
      journal.keep(kept.filter((update) => update !== null))
      health.unsupported(kept.filter((update) => update === null).length)
    }
  }
}

function refused(status: 401 | 403, reason: string): WebhookAnswer {
  return { status, reason }
}

/** Where the provider signs nothing, whoever posts must know the path. */
function hasPathSecret({ provider, pathSecret }: BusinessCredentials, given: string | null): boolean {
  if (provider === 'meta') return true
  return pathSecret !== null && given !== null && isSame(given, pathSecret)
}

/**
 * At 360dialog the path has said it already; of the signatures that come all the same, its own and one that Meta's may be, one must be right: the
 * other may be of a secret that nobody but 360dialog has.
 */
function isAuthentic(
  request: WebhookRequest,
  { provider, appSecrets, demandsSignature }: BusinessCredentials,
  check: SignatureCheck,
): boolean {
  const { headers } = request
  if (provider === 'meta') return check.isSigned([headers[SIGNATURE]].flat().join(', '), appSecrets)
  const signatures = dialogSignatures(headers)
  if (appSecrets.length === 0 || signatures.length === 0) return !demandsSignature
  return signatures.some((signature) => check.isSigned(signature, appSecrets))
}

function judgeDialogHead(
  credentials: BusinessCredentials,
  { pathSecret, headers }: Head,
): WebhookAnswer | null {
  if (credentials.pathSecret === null)
    return refused(403, 'The account has no secret for the path of its webhook.')
  if (!hasPathSecret(credentials, pathSecret))
    return refused(401, 'The path does not end in the secret of the account.')
  return credentials.demandsSignature && dialogSignatures(headers).length === 0
    ? refused(401, NOT_SIGNED_BY_DIALOG)
    : null
}

/** With or without the name of the algorithm: 360dialog's documentation shows neither. */
function dialogSignatures(headers: Head['headers']): string[] {
  return [SIGNATURE, DIALOG_SIGNATURE].flatMap((name) => {
    const header = headers[name]
    if (header === undefined) return []
    const text = [header].flat().join(', ')
    return /^[\da-f]{64}$/i.test(text) ? `sha256=${text}` : text
  })
}
