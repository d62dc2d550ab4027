import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { MethodResult } from '../../../protocol/methods.ts'
import type { CardContext } from '../card-context.ts'
import type { LiveView } from '../state/live-view.ts'
import { renderFacts } from './fact-list.ts'
import type { Fact } from './fact-list.ts'

type Usage = MethodResult<'usage.get'>['accounts'][number]['usage']

/** What was read last, and of which signs of life of the account: with other ones it is read again. */
interface Read {
  activity: unknown
  usage: Usage
}

const known = new WeakMap<LiveView, Map<string, Read>>()

/** The messages of this month and what they cost, as far as WhatsApp told; nothing with daemons or tokens that do not tell it. */
export function renderMonth(context: CardContext): TemplateResult | null {
  const { say, locale } = context
  const usage = usageOf(context)
  if (usage === null) return null
  const { messagesOut, charges = null } = usage
  const count = (value: number): string => value.toLocaleString(locale)
  const tier = charges?.freeTier
  const facts: Fact[] = [
    [say('Sent this month'), count(messagesOut)],
    ...(charges === null ? [] : [[say('Charged this month'), count(charges.charged)] as const]),
    ...(tier === undefined
      ? []
      : [
          [
            say('Free this month'),
            say('{count} of {limit}', { count: tier.used, limit: tier.limit }),
            tier.used > tier.limit,
          ] as const,
        ]),
  ]
  return html`${renderFacts(facts)}
  ${
    tier === undefined || tier.isConfirmed
      ? null
      : html`<p class="muted small-print">
          ${say('How many messages are free is what is known, and not confirmed by Meta.')}
        </p>`
  }`
}

/** As it is known; reads it, once for each change of the account's signs of life. */
function usageOf({ account, live, state, can, set }: CardContext): Usage {
  const { account: id } = account
  if (!can('usage.get')) return null
  const accounts = known.get(live) ?? new Map<string, Read>()
  known.set(live, accounts)
  const activity = state.activity[id]
  const read = accounts.get(id)
  if (read !== undefined && read.activity === activity) return read.usage
  accounts.set(id, { activity, usage: read?.usage ?? null })
  void live
    .read((client) => client.request('usage.get', { account: id }))
    .then((answer) => {
      const usage = answer?.accounts.find((each) => each.account === id)?.usage
      if (usage === undefined) return
      accounts.set(id, { activity, usage })
      set({})
    })
  return read?.usage ?? null
}
