import { DaemonError } from '../../protocol/errors.ts'
import {
  LISTED_TEXT_LENGTH,
  type OutboxEntry,
  type OutboxList,
  type OutboxQuery,
} from '../../protocol/outbox-entry.ts'
import { TEXT_LIMITS } from '../../protocol/text/text-limits.ts'
import { storedTime } from '../../storage/database/stored-time.ts'
import { cleanLine, cutText } from '../../text/bounded-text.ts'
import { numberOf } from '../store/person.ts'
import type { Outbox } from './outbox.ts'
import type { OutboxRow, OutboxStore, UnsentRow } from './outbox-store.ts'
import { SEND_FAILURES } from './send-failures.ts'

/** The failure of what was written for the former owner of the account: it must not go out in another's name. */
export const ACCOUNT_CHANGED_CODE = 'account_changed'

/** What a frame of the control plane has room for, with a margin. */
const MAX_LIST_BYTES = 200_000

export interface OutboxAdminDependencies {
  store: OutboxStore
  outbox: Outbox
  isAllowed: (row: OutboxRow) => boolean
  /** Whether the text of this message is a secret. */
  isSecret: (messageId: string) => boolean
}

/** Where a person looks after the messages that are not out. Throws `DaemonError`, and `StorageError` from the disk. */
export class OutboxAdmin {
  readonly #deps: OutboxAdminDependencies

  constructor(deps: OutboxAdminDependencies) {
    this.#deps = deps
  }

  /** How many failed for good. */
  get failed(): number {
    return this.#deps.store.countOf('failed')
  }

  list({ state, before, limit }: OutboxQuery): OutboxList {
    const { store, outbox } = this.#deps
    const start = before === undefined ? Number.MAX_SAFE_INTEGER : this.#sequenceOf(before)
    const rows = store.unsent(state === undefined ? ['queued', 'failed'] : [state], start, limit + 1)
    const messages = withinBytes(rows.slice(0, limit).map((row) => this.#toEntry(row)))
    const { pacedUntil } = outbox
    return {
      messages,
      more: rows.length > messages.length,
      queued: store.countOf('queued'),
      failed: this.failed,
      pacedUntil: pacedUntil === null ? null : new Date(pacedUntil).toISOString(),
    }
  }

  retry(messageId: string): OutboxEntry {
    const { store, outbox, isAllowed } = this.#deps
    const row = store.findUnsent(messageId)
    if (row?.state !== 'failed') throw this.#notFailed(messageId)
    if (isOutdated(row)) throw new DaemonError('message_outdated')
    if (!isAllowed(row)) throw new DaemonError('recipient_not_allowed')
    outbox.retry(row)
    const queued = store.findUnsent(messageId)
    if (queued === undefined) throw this.#notFailed(messageId)
    return this.#toEntry(queued)
  }

  discard(messageId: string): void {
    const { store, outbox } = this.#deps
    const row = store.findUnsent(messageId)
    if (row === undefined) throw this.#notUnsent(messageId)
    if (outbox.isUnderWay(messageId)) throw new DaemonError('message_under_way')
    outbox.discard(row)
  }

  #sequenceOf(messageId: string): number {
    const row = this.#deps.store.find(messageId)
    if (row === undefined) throw new DaemonError('message_not_found')
    return row.sequence
  }

  #notFailed(messageId: string): DaemonError {
    const state = this.#deps.store.find(messageId)?.state
    if (state === undefined) return new DaemonError('message_not_found')
    return new DaemonError('message_not_failed', { details: { state: cleanLine(state, TEXT_LIMITS.name) } })
  }

  #notUnsent(messageId: string): DaemonError {
    const state = this.#deps.store.find(messageId)?.state
    if (state === undefined || state === 'discarded') return new DaemonError('message_not_found')
    return new DaemonError('message_under_way', { details: { state: cleanLine(state, TEXT_LIMITS.name) } })
  }

  /** Earlier versions and other programs may have stored anything: one row must not keep the others from being seen. */
  #toEntry(row: UnsentRow): OutboxEntry {
    const failed = row.state === 'failed'
    return {
      messageId: cleanLine(row.message_id, TEXT_LIMITS.identifier),
      conversation: cleanLine(row.conversation_name, TEXT_LIMITS.identifier),
      kind: row.kind === 'notice' ? 'notice' : 'reply',
      text: this.#deps.isSecret(row.message_id) ? '' : cutText(row.text, LISTED_TEXT_LENGTH),
      state: row.state,
      queuedAt: storedTime(row.queued_at).toISOString(),
      attempts: Math.max(0, row.attempts),
      waitsFor: failed ? null : (this.#deps.outbox.holdUp(row.conversation) ?? 'turn'),
      failure: failed
        ? {
            code: cleanLine(row.error_code ?? '', TEXT_LIMITS.name),
            message: cleanLine(row.error_message ?? '', TEXT_LIMITS.sentence),
            at: storedTime(row.settled_at ?? row.queued_at).toISOString(),
          }
        : null,
    }
  }
}

/** Whether it was written when the account, or the number of its recipient, belonged to somebody else. */
function isOutdated({ error_code: code, conversation_name: name }: UnsentRow): boolean {
  const lostItsNumber = code === SEND_FAILURES.personChanged.code && numberOf(name) === null
  return code === ACCOUNT_CHANGED_CODE || lostItsNumber
}

function withinBytes(entries: OutboxEntry[]): OutboxEntry[] {
  let bytes = 0
  return entries.filter((entry) => {
    bytes += Buffer.byteLength(JSON.stringify(entry))
    return bytes <= MAX_LIST_BYTES
  })
}
