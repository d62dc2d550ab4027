import type { AccountConfig } from '../../config/model.ts'
import { CONTACT_VALUE_LIMITS, type ContactField } from '../../protocol/conversations/contact-field.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { EventPublisher } from '../../protocol/events.ts'
import { cleanLine, cutText, sendableText } from '../../text/bounded-text.ts'
import type { Committed } from '../store/commit-group.ts'
import type { Conversation } from '../store/conversation-store.ts'
import { knownContactFields, type KnownField } from './contact-field-names.ts'
import type { ContactAuthor, ContactRow, ContactStore } from './contact-store.ts'

/** The fields whose value is another one, and what to do when that is on disk. */
interface ContactChange {
  changed: string[]
  committed: Committed
}

export interface ContactsDependencies {
  account: string
  contactStore: ContactStore
  config: () => Pick<AccountConfig, 'contactFields'>
  publish: EventPublisher['publish']
  now: () => Date
}

/**
 * What is known of who is behind a conversation. Fields are set by answers of the assistant, by the owner, and by programs over the API;
 * nothing that a person writes sets one. Every method that writes runs inside of the caller's transaction.
 */
export class Contacts {
  readonly #deps: ContactsDependencies

  constructor(deps: ContactsDependencies) {
    this.#deps = deps
  }

  /** The fields that a conversation may have, in the order in which they are shown. */
  get known(): KnownField[] {
    return knownContactFields(this.#deps.config().contactFields)
  }

  /** Those that have a value, in the same order; last the ones that the config does not name any more. */
  of(conversation: number): ContactField[] {
    return this.ofEach([conversation]).get(conversation) ?? []
  }

  /** The same by conversation; none of those that have no field. */
  ofEach(conversations: readonly number[]): ReadonlyMap<number, ContactField[]> {
    const order = this.known.map(({ name }) => name)
    const place = ({ name }: ContactRow): number =>
      order.includes(name) ? order.indexOf(name) : order.length
    const rows = this.#deps.contactStore
      .ofEach(conversations)
      .toSorted((one, other) => place(one) - place(other))
    const fields = new Map<number, ContactField[]>()
    for (const { conversation, name, value, set_by, set_at } of rows) {
      const field = { name, value: cleaned(name, value), setBy: set_by, at: new Date(set_at).toISOString() }
      fields.set(conversation, [...(fields.get(conversation) ?? []), field])
    }
    return fields
  }

  /**
   * By a call: `null` and an empty text take a value away. Of the assistant's calls, what the owner or a program set stays. Answers the
   * fields that changed. Throws `DaemonError` (`invalid_params`), with nothing changed.
   */
  change(
    conversation: Conversation,
    fields: Readonly<Record<string, string | null>>,
    by: ContactAuthor,
  ): ContactChange {
    const values = Object.entries(fields).map(([name, value]) => {
      const field = this.#find(name)
      if (field === undefined) throw invalid(name, this.#unknown(name))
      const limit = limitOf(field.name)
      if ((value ?? '').length > limit) throw invalid(name, `A value has at most ${limit} characters.`)
      return { name: field.name, value: cleaned(field.name, value ?? '') }
    })
    const allowed =
      by === 'agent' ? values.filter(({ name }) => !this.#isOfPerson(conversation, name)) : values
    return this.#write(conversation, allowed, by)
  }

  /**
   * By an answer of the assistant. What the owner or a program set stays. Answers why a field cannot be set, as a sentence for the person
   * who runs the daemon.
   */
  setByAgent(conversation: Conversation, name: string, value: string): Committed | { why: string } {
    const field = this.#find(name)
    if (field === undefined) return { why: this.#unknown(name) }
    if (this.#isOfPerson(conversation, field.name))
      return {
        why: `The contact field "${field.name}" was set by a person, so the answer does not change it.`,
      }
    return this.#write(conversation, [{ name: field.name, value: cleaned(field.name, value) }], 'agent')
      .committed
  }

  #write(
    conversation: Conversation,
    values: readonly { name: string; value: string }[],
    by: ContactAuthor,
  ): ContactChange {
    const { contactStore, now } = this.#deps
    const at = now()
    const changed = values.filter(
      ({ name, value }) => (this.#rowOf(conversation, name)?.value ?? '') !== value,
    )
    for (const { name, value } of changed) {
      if (value === '') contactStore.remove(conversation.id, name)
      else contactStore.set(conversation.id, { name, value, set_by: by, set_at: at.getTime() })
    }
    const names = changed.map(({ name }) => name)
    const committed = (): void => {
      if (names.length > 0) this.#publish(conversation, names, { by, at })
    }
    return { changed: names, committed }
  }

  #publish(
    { id, name: conversation }: Conversation,
    changed: string[],
    { by, at }: { by: ContactAuthor; at: Date },
  ): void {
    const { account, publish } = this.#deps
    publish('contact.updated', {
      account,
      conversation,
      conversationId: String(id),
      changed,
      setBy: by,
      at: at.toISOString(),
    })
  }

  /** Whether the owner or a program set the field. */
  #isOfPerson(conversation: Conversation, name: string): boolean {
    const row = this.#rowOf(conversation, name)
    return row !== undefined && row.set_by !== 'agent'
  }

  #rowOf({ id }: Conversation, name: string): ContactRow | undefined {
    return this.#deps.contactStore.of(id).find((row) => row.name === name)
  }

  /** As it is written, or in another case: models are not exact about that. */
  #find(name: string): KnownField | undefined {
    const { known } = this
    const lower = name.trim().toLowerCase()
    return (
      known.find((field) => field.name === name) ?? known.find((field) => field.name.toLowerCase() === lower)
    )
  }

  #unknown(name: string): string {
    const names = this.known.map((field) => field.name).join(', ')
    return `There is no contact field "${cleanLine(name, 40)}". There are ${names}; contactFields in the config declares more.`
  }
}

function limitOf(name: string): number {
  return name === 'notes' ? CONTACT_VALUE_LIMITS.notes : CONTACT_VALUE_LIMITS.other
}

/** As it is kept: in lines only where it is notes. */
function cleaned(name: string, value: string): string {
  return name === 'notes'
    ? cutText(sendableText(value).trim(), limitOf(name))
    : cleanLine(value, limitOf(name))
}

function invalid(name: string, message: string): DaemonError {
  const sentence = message
  return new DaemonError('invalid_params', {
    message: sentence,
    details: { issues: [{ path: `fields.${cleanLine(name, 40)}`, message: sentence }] },
  })
}
