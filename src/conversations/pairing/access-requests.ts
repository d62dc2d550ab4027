import type { Logger } from 'pino'
import { equivalentNumber } from '../../access/numbers/equivalent-numbers.ts'
import { normalizePhoneNumber } from '../../access/numbers/phone-number.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import type { MethodResult, ParsedParams } from '../../protocol/methods.ts'
import { MAX_ACCESS_REASON } from '../../protocol/methods/pairing.ts'
import { storedTime } from '../../storage/database/stored-time.ts'
import { cleanLine } from '../../text/bounded-text.ts'
import type { Admission } from '../intake/admission.ts'
import type { CommitGroup } from '../store/commit-group.ts'
import { newPairingCode } from './pairing-code.ts'
import type { PairingRow, PairingStore } from './pairing-store.ts'
import { personIn } from './person-in.ts'

const DAY_MS = 24 * 3_600_000
/** Nobody is told of such a request but those who look: they get longer than somebody who waits with a code. */
const LIFETIME_MS = DAY_MS
const MAX_PENDING = 3
const MAX_A_DAY = 20

export type AccessRequest = Omit<ParsedParams<'pairing.request'>, 'account'>

export interface AccessRequestsDependencies {
  account: string
  pairing: PairingStore
  admission: Pick<Admission, 'allowsPerson'>
  commits: CommitGroup
  publish: EventPublisher['publish']
  logger: Logger
  now: () => Date
}

/**
 * Requests of programs that somebody may write, whatever `dmPolicy` is. The code with which a person approves one is shown to those who may
 * decide, and never to the program. Throws `DaemonError`, and `StorageError` from the disk.
 */
export class AccessRequests {
  readonly #deps: AccessRequestsDependencies

  constructor(deps: AccessRequestsDependencies) {
    this.#deps = deps
  }

  /** Answers how it stands with this person. A request that is pending, or rejected, is not made again. On disk when it returns. */
  add({ phoneNumber: written, reason }: AccessRequest): MethodResult<'pairing.request'> {
    const number = normalizePhoneNumber(written)
    if (!number.ok) throw new DaemonError('invalid_phone_number', { message: number.message })
    const phoneNumber = number.e164
    const forms = [phoneNumber, equivalentNumber(phoneNumber)].flatMap((form) => form ?? [])
    if (forms.some((form) => this.#deps.admission.allowsPerson(form)))
      return { phoneNumber, state: 'allowed', expiresAt: null }
    const known = this.#deps.pairing
      .of(forms)
      .find(({ state }) => state === 'pending' || state === 'rejected')
    if (known === undefined) return this.#insert(phoneNumber, cleanLine(reason ?? '', MAX_ACCESS_REASON))
    const isPending = known.state === 'pending'
    return {
      phoneNumber,
      state: isPending ? 'pending' : 'rejected',
      expiresAt: isPending ? storedTime(known.expires_at).toISOString() : null,
    }
  }

  #insert(phoneNumber: string, reason: string): MethodResult<'pairing.request'> {
    const { account, pairing, commits, publish, logger } = this.#deps
    const now = this.#deps.now()
    this.#requireRoom(now.getTime())
    const expires = now.getTime() + LIFETIME_MS
    const expiresAt = storedTime(expires).toISOString()
    commits.now(() => {
      pairing.insert({
        person: phoneNumber,
        address: phoneNumber,
        name: null,
        code: newPairingCode(),
        message_id: '',
        asked_at: now.getTime(),
        expires_at: expires,
        source: 'program',
        reason: reason || null,
      })
      return () =>
        publish('pairing.requested', {
          account,
          ...personIn(phoneNumber),
          name: null,
          source: 'program',
          expiresAt,
          at: now.toISOString(),
        })
    })
    logger.info('a program asks for access for somebody')
    return { phoneNumber, state: 'pending', expiresAt }
  }

  #requireRoom(now: number): void {
    const { pairing } = this.#deps
    const isOfProgram = ({ source }: PairingRow): boolean => source === 'program'
    if (pairing.pending().filter(isOfProgram).length >= MAX_PENDING)
      throw new DaemonError('rate_limited', {
        message: `${MAX_PENDING} requests of programs wait for a person already.`,
        action: 'Ask again when one of them is decided (the card, or whatsappd pairing), or has expired.',
      })
    if (pairing.countSince(now - DAY_MS, 'program') >= MAX_A_DAY)
      throw new DaemonError('rate_limited', {
        message: `Programs made ${MAX_A_DAY} requests within a day.`,
        action: 'Ask again tomorrow.',
      })
  }
}
