import type { Logger } from 'pino'
import { DaemonError } from '../../protocol/errors.ts'
import type { MethodResult } from '../../protocol/methods.ts'
import { TEXT_LIMITS } from '../../protocol/text/text-limits.ts'
import { storedTime } from '../../storage/database/stored-time.ts'
import { cleanLine } from '../../text/bounded-text.ts'
import type { Sentences } from '../notices/sentences.ts'
import type { AccessRequest, AccessRequests } from './access-requests.ts'
import type { Committed, CommitGroup } from '../store/commit-group.ts'
import type { Pairing } from './pairing.ts'
import { shownPairingCode, typedPairingCode } from './pairing-code.ts'
import { isOver, type PairingRow, type PairingStore } from './pairing-store.ts'
import { personIn } from './person-in.ts'

export interface PairingAdminDependencies {
  pairing: PairingStore
  requests: Pick<Pairing, 'settle' | 'reject' | 'answer'>
  accessRequests: Pick<AccessRequests, 'add'>
  /** Puts this entry into `allowFrom` of the account; it is in the file and in force when it resolves. Rejects with `DaemonError`. */
  allowPerson: (entry: string) => Promise<void>
  /** In the language of the account. */
  sentences: () => Sentences
  commits: CommitGroup
  logger: Logger
  now: () => Date
}

/** Where a person decides who is allowed. Throws `DaemonError`, and `StorageError` from the disk. */
export class PairingAdmin {
  readonly #deps: PairingAdminDependencies

  constructor(deps: PairingAdminDependencies) {
    this.#deps = deps
  }

  /** Approvals that were asked for in a chat and interrupted. */
  start(): void {
    for (const row of this.#deps.pairing.pending()) if (row.asked_by !== null) this.#approveSoon(row)
  }

  /** Those who may be approved now, oldest first. */
  list(): MethodResult<'pairing.list'>['requests'] {
    this.#deps.requests.settle()
    return this.#deps.pairing.pending().map((row) => ({
      code: shownPairingCode(row.code ?? ''),
      ...personIn(row.person),
      name: row.name === null ? null : cleanLine(row.name, TEXT_LIMITS.name),
      at: storedTime(row.asked_at).toISOString(),
      expiresAt: storedTime(row.expires_at).toISOString(),
      source: row.source,
      reason: row.reason,
    }))
  }

  /** A program asks for somebody. Nothing is sent to anybody; a person decides, as about those who wrote. */
  request(request: AccessRequest): MethodResult<'pairing.request'> {
    this.#deps.requests.settle()
    return this.#deps.accessRequests.add(request)
  }

  /** The person is in `allowFrom`, and is told so, when it resolves. A second call while the first is under way does the same once. */
  async approve(code: string): Promise<MethodResult<'pairing.approve'>> {
    const row = this.#find(code)
    await this.#allow(row)
    return personIn(row.person)
  }

  reject(code: string): MethodResult<'pairing.reject'> {
    const { commits, requests } = this.#deps
    const row = this.#find(code)
    commits.now(() => requests.reject(row))
    return personIn(row.person)
  }

  /**
   * Inside of a transaction: an owner asks for it in the inbox row `askedBy`, and is answered there when it is done, also after a crash.
   * `null`: there is no such request.
   */
  approveLater(code: string, askedBy: number): Committed | null {
    const { pairing } = this.#deps
    const row = this.#pendingWith(code)
    if (row === undefined) return null
    pairing.setAskedBy(row.sequence, askedBy)
    return () => this.#approveSoon({ ...row, asked_by: askedBy })
  }

  #approveSoon(row: PairingRow): void {
    setImmediate(() => {
      this.#allow(row).catch((error: unknown) => this.#failed(row, error))
    })
  }

  async #allow({ person, sequence }: PairingRow): Promise<void> {
    const { allowPerson, requests, pairing } = this.#deps
    await allowPerson(person)
    requests.settle()
    // Another setting of the file keeps this person out.
    if (pairing.pending().some((row) => row.sequence === sequence))
      throw new DaemonError('pairing_without_effect')
  }

  #failed({ sequence, asked_by }: PairingRow, error: unknown): void {
    const { commits, pairing, requests, logger, sentences } = this.#deps
    logger.warn({ err: error }, 'a person could not be allowed from a chat')
    const { pairingFailed } = sentences()
    const text = error instanceof DaemonError ? `${pairingFailed} ${error.message}` : pairingFailed
    try {
      commits.now(() => {
        pairing.setAskedBy(sequence, null)
        return asked_by === null ? undefined : requests.answer(asked_by, text)
      })
    } catch (failure) {
      logger.error({ err: failure }, 'the disk refused to store what became of a request for access')
    }
  }

  #find(code: string): PairingRow {
    this.#deps.requests.settle()
    const row = this.#pendingWith(code)
    if (row === undefined) throw new DaemonError('pairing_not_found')
    return row
  }

  #pendingWith(code: string): PairingRow | undefined {
    const { pairing, now } = this.#deps
    const typed = typedPairingCode(code)
    const row = pairing.pending().find((each) => each.code !== null && each.code === typed)
    return row === undefined || isOver(row, now().getTime()) ? undefined : row
  }
}
