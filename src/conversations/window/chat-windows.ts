import type { ChatReference } from '../../messaging/chat-reference.ts'
import type { Transport } from '../../messaging/transport.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { ConversationView } from '../../protocol/conversations/conversation-view.ts'
import { storedTime } from '../../storage/database/stored-time.ts'
import { withDeadline } from '../../timing/deadline.ts'
import { parseContent, type StoredContent } from '../outbox/stored-content.ts'

/** Of templates that an error names. */
const MAX_NAMED_TEMPLATES = 20
/** A refusal waits no longer for what may be sent instead. */
const TEMPLATES_WAIT_MS = 2_000

export interface ChatWindowsDependencies {
  transport: Pick<Transport, 'capabilities' | 'windowClosesAt' | 'freeUntil' | 'templates'>
  now: () => Date
}

/** Whether something else than a template may be sent to a chat now, over transports where that depends on when its person last wrote. */
export class ChatWindows {
  readonly #deps: ChatWindowsDependencies

  constructor(deps: ChatWindowsDependencies) {
    this.#deps = deps
  }

  isOpen(chat: ChatReference): boolean {
    const { transport, now } = this.#deps
    const closesAt = transport.windowClosesAt(chat)
    return closesAt === 'always' || (closesAt !== null && closesAt > now().getTime())
  }

  /** Whether this may be sent there now. */
  takes(chat: ChatReference, content: StoredContent | null): boolean {
    return content?.type === 'template' || this.isOpen(chat)
  }

  /** As `takes`, for a row of the outbox. */
  takesRow(row: { chat: string; chat_kind: ChatReference['kind']; content: string | null }): boolean {
    const content = row.content === null ? null : parseContent(row.content)
    return this.takes({ kind: row.chat_kind, address: row.chat }, content)
  }

  /** Throws `DaemonError` (`window_closed`) where this may not be sent there now. */
  require(chat: ChatReference, kind: StoredContent['type'] | 'text'): void {
    if (kind === 'template' || this.isOpen(chat)) return
    const { transport } = this.#deps
    const closedAt = transport.windowClosesAt(chat)
    throw new DaemonError('window_closed', {
      details: {
        closedAt: typeof closedAt === 'number' ? storedTime(closedAt).toISOString() : null,
        templates: transport.templates?.knownNames.slice(0, MAX_NAMED_TEMPLATES) ?? [],
      },
    })
  }

  /** Where this may not be sent there now, WhatsApp is asked for the templates that the refusal names. Resolves within 2 s, and rejects never. */
  async prepareRefusal(chat: ChatReference, kind: StoredContent['type'] | 'text'): Promise<void> {
    const { templates } = this.#deps.transport
    if (kind === 'template' || this.isOpen(chat) || templates === null || templates.knownNames.length > 0)
      return
    const asked = templates.list().catch(() => undefined)
    await withDeadline(asked, TEMPLATES_WAIT_MS, () => undefined)
  }

  /** As views show it; `null` where WhatsApp knows no such limit. */
  view(chat: () => ChatReference): ConversationView['window'] {
    const { transport } = this.#deps
    if (transport.capabilities.window === null) return null
    const reference = chat()
    const closesAt = transport.windowClosesAt(reference)
    if (closesAt === 'always') return null
    const freeUntil = transport.freeUntil(reference)
    return {
      state: this.isOpen(reference) ? 'open' : 'closed',
      until: closesAt === null ? null : storedTime(closesAt).toISOString(),
      freeUntil: freeUntil === null ? null : storedTime(freeUntil).toISOString(),
    }
  }
}
