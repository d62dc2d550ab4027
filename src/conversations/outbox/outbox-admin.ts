import type { SendHold } from '../../messaging/send-hold.ts'
import { DaemonError } from '../../protocol/errors.ts'
import {
  LISTED_TEXT_LENGTH,
  type OutboxEntry,
  type OutboxList,
  type OutboxQuery,
} from '../../protocol/outbox-entry.ts'
import { TEXT_LIMITS } from '../../protocol/text/text-limits.ts'
import { storedTime } from '../../storage/database/stored-time.ts'
import { cleanLine, cutText, printableText } from '../../text/bounded-text.ts'
import { numberOf } from '../store/person.ts'
import { refuseSilent } from '../takeover/refuse-silent.ts'
import type { HoldSkip } from '../takeover/takeover.ts'
import type { Outbox } from './outbox.ts'
import type { OutboxRow, OutboxStore, UnsentRow } from './outbox-store.ts'
import { SEND_FAILURES } from './send-failures.ts'
import { parseContent } from './stored-content.ts'
import type { ChatWindows } from '../window/chat-windows.ts'

/** The failure of what was written for the former owner of the account: it must not go out in another's name. */
export const ACCOUNT_CHANGED_CODE = 'account_changed'

/** What a frame of the control plane has room for, with a margin. */
const MAX_LIST_BYTES = 200_000

export interface OutboxAdminDependencies {
  store: OutboxStore
  outbox: Outbox
  isAllowed: (row: OutboxRow) => boolean
  windows: Pick<ChatWindows, 'require'>
  /** Why a message may not go out because a person holds its chat; `null` where it may. */
  whySilenced: (row: OutboxRow) => HoldSkip | null
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
    const hold = outbox.holdOf()
    return {
      messages,
      more: rows.length > messages.length,
      queued: store.countOf('queued'),
      failed: this.failed,
      pacedUntil: pacedUntil === null ? null : new Date(pacedUntil).toISOString(),
      hold: hold && shownHold(hold),
    }
  }

  retry(messageId: string): OutboxEntry {
    const { store, outbox, isAllowed, whySilenced, windows } = this.#deps
    const row = store.findUnsent(messageId)
    if (row?.state !== 'failed') throw this.#notFailed(messageId)
    if (isOutdated(row)) throw new DaemonError('message_outdated')
    if (!isAllowed(row)) throw new DaemonError('recipient_not_allowed')
    const content = row.content === null ? null : parseContent(row.content)
    windows.require({ kind: row.chat_kind, address: row.chat }, content?.type ?? 'text')
    const silenced = whySilenced(row)
    if (silenced !== null)
      throw refuseSilent(
        silenced,
        'Hand the chat back to the assistant, then retry the message, or discard it.',
      )
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
    const { outbox } = this.#deps
    const waitsFor = failed ? null : (outbox.holdUp(row.conversation) ?? 'turn')
    const hold = waitsFor === 'limit' ? outbox.holdOf(row.conversation) : null
    return {
      messageId: cleanLine(row.message_id, TEXT_LIMITS.identifier),
      conversation: cleanLine(row.conversation_name, TEXT_LIMITS.identifier),
      kind: shownKind(row),
      text: this.#deps.isSecret(row.message_id) ? '' : cutText(printableText(row.text), LISTED_TEXT_LENGTH),
      state: row.state,
      queuedAt: storedTime(row.queued_at).toISOString(),
      attempts: Math.max(0, row.attempts),
      waitsFor,
      hold: hold && shownHold(hold),
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

function shownHold({ until, code, message }: SendHold): NonNullable<OutboxEntry['hold']> {
  return {
    until: storedTime(until).toISOString(),
    code: cleanLine(code, TEXT_LIMITS.name),
    message: cleanLine(message, TEXT_LIMITS.sentence),
  }
}

function shownKind({ kind, client_message_id: clientMessageId }: UnsentRow): OutboxEntry['kind'] {
  if (kind === 'notice' || kind === 'change') return kind
  return clientMessageId === null ? 'reply' : 'message'
}

function withinBytes(entries: OutboxEntry[]): OutboxEntry[] {
  let bytes = 0
  return entries.filter((entry) => {
    bytes += Buffer.byteLength(JSON.stringify(entry))
    return bytes <= MAX_LIST_BYTES
  })
}
