import { DaemonError } from '../protocol/errors.ts'
import type { Transport } from '../messaging/transport.ts'
import type { Database } from '../storage/database/database.ts'
import type { KnownField } from './contact/contact-field-names.ts'
import type { ContactAuthor } from './contact/contact-store.ts'
import type { Contacts } from './contact/contacts.ts'
import type { Forgetting, ForgetSummary } from './forget/forgetting.ts'
import { whomToForget } from './forget/whom-to-forget.ts'
import type { CommitGroup } from './store/commit-group.ts'
import type { ConversationStore } from './store/conversation-store.ts'
import { findConversation } from './store/find-conversation.ts'

export interface PeopleAdminDependencies {
  database: Database
  transport: Pick<Transport, 'identify'>
  conversations: Pick<ConversationStore, 'find' | 'at'>
  contacts: Contacts
  forgetting: Forgetting
  commits: CommitGroup
}

/** Where people and programs say what is known of somebody, and have it erased. Throws `DaemonError`, and `StorageError` from the disk. */
export class PeopleAdmin {
  readonly #deps: PeopleAdminDependencies

  constructor(deps: PeopleAdminDependencies) {
    this.#deps = deps
  }

  /** The fields that a conversation may have, in the order in which they are shown. */
  get contactFields(): KnownField[] {
    return this.#deps.contacts.known
  }

  /** Of the conversation that is named (`findConversation`); `null` takes a value away. As `Contacts.change`. Written when it returns. */
  setContact(
    named: string,
    fields: Readonly<Record<string, string | null>>,
    by: ContactAuthor,
  ): { conversationId: string; changed: string[] } {
    const { conversations, contacts, commits } = this.#deps
    const conversation = findConversation(conversations, named)
    let changed: string[] = []
    commits.now(() => {
      const change = contacts.change(conversation, fields, by)
      changed = change.changed
      return change.committed
    })
    return { conversationId: String(conversation.id), changed }
  }

  /** What of somebody would be erased; with `isConfirmed` it is, when this resolves. */
  async forget(named: string, isConfirmed: boolean): Promise<ForgetSummary> {
    const { forgetting } = this.#deps
    const who = whomToForget(this.#deps, named)
    const summary = isConfirmed ? await forgetting.forget(who) : forgetting.preview(who)
    if (summary === null) throw new DaemonError('conversation_not_found')
    return summary
  }
}
