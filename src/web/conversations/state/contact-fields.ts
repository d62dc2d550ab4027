import type { WhatsappdClient } from '../../../client/client.ts'
import type { MethodResult } from '../../../protocol/methods.ts'

export type ContactField = MethodResult<'conversations.contactFields'>['fields'][number]

export interface ContactFieldsDeps {
  client: Pick<WhatsappdClient, 'request'>
  account: string
  changed: () => void
}

/** Every conversation has these. */
const STANDARD: readonly ContactField[] = ['name', 'email', 'company', 'notes'].map((name) => ({
  name,
  label: null,
}))

/** What can be noted about people: the fields that every conversation has and those that the config declares. */
export class ContactFields {
  readonly #deps: ContactFieldsDeps
  #declared: readonly ContactField[] = STANDARD

  constructor(deps: ContactFieldsDeps) {
    this.#deps = deps
  }

  /** In the order in which they are shown; behind them those of `noted` that are not declared any more. */
  withNoted(noted: readonly { name: string }[]): ContactField[] {
    const fields = new Map(this.#declared.map((field) => [field.name, field]))
    for (const { name } of noted) if (!fields.has(name)) fields.set(name, { name, label: null })
    return [...fields.values()]
  }

  /** Reads them anew: the config may declare others. */
  async load(): Promise<void> {
    const { client, account, changed } = this.#deps
    try {
      const { fields } = await client.request('conversations.contactFields', { account })
      this.#declared = fields
    } catch {
      // Those that were known stay.
      return
    }
    changed()
  }
}
