import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { AccountConfigView } from '../../../protocol/config/config-view.ts'
import { button } from '../../elements/controls/button.ts'
import type { CardContext } from '../card-context.ts'
import { isSenderKnown, nameOf } from '../state/sender-names.ts'
import { renderNumberField } from '../parts/number-field.ts'
import { renderPerson } from '../parts/person.ts'
import { renderSelect, renderSettingForm } from './setting-fields.ts'

const FIELD = 'agent-number'
/** Rows that are drawn at first, and at all. */
const SHOWN = 8
const MOST_SHOWN = 100

/** The numbers that another agent than the default one answers, and a field that makes another one such an exception. */
export function renderAgentPerNumber(
  context: CardContext,
  settings: AccountConfigView,
): TemplateResult | null {
  const { live, say, set, ui } = context
  const { senders, agents, allowFrom } = settings
  if (senders === undefined) return null
  const own = Object.keys(senders).filter((number) => senders[number]?.agent)
  if (own.length === 0 && Object.keys(agents).length < 2) return null
  const chosen = ui.agentFor !== null && !own.includes(ui.agentFor) ? [ui.agentFor] : []
  const listed = [...chosen, ...own]
  const shown = listed.slice(0, ui.showsAllAgents ? MOST_SHOWN : SHOWN)
  const more = listed.length - shown.length
  return html`<h3>${say('Agent per number')}</h3>
    ${shown.map((number) => renderAgentOf(context, settings, number))}
    ${
      more > 0
        ? button(say('+{count} more', { count: more }), () => set({ showsAllAgents: true }), {
            kind: 'small',
            disabled: ui.showsAllAgents,
          })
        : null
    }
    ${renderNumberField(context, {
      id: FIELD,
      label: 'Set an agent for…',
      hint: 'With country code, such as +15551234567.',
      submitLabel: say('Choose'),
      failure: '',
      isBusy: false,
      suggestions: allowFrom
        .filter((number) => number.startsWith('+') && !listed.includes(number))
        .slice(0, MOST_SHOWN)
        .map((number) => [number, nameOf(settings, number)]),
      submit: (number) => {
        live.clearFailure()
        set({ agentFor: number, typed: { ...ui.typed, [FIELD]: '' }, focus: `[id='${idOf(number)}']` })
      },
    })}`
}

function renderAgentOf(context: CardContext, settings: AccountConfigView, number: string): TemplateResult {
  const { actions, say } = context
  const entry = entryOf(context, settings, number)
  const chosen = entry?.agent ?? null
  const standard = html`<option value="" ?selected=${chosen === null}>${say('Default')}</option>`
  return renderSettingForm(entry === null ? { ...context, disabled: true } : context, {
    id: idOf(number),
    label: renderPerson(context, number, entry?.name ?? ''),
    control: (id) =>
      entry === null
        ? renderSelect(id, [], null, { first: html`<option selected>…</option>` })
        : renderSelect(id, Object.keys(settings.agents), chosen, { first: standard }),
    save: (agent) => actions.setAgent(number, agent),
  })
}

type SenderEntry = { agent: string | null; name: string | null }

/** `null` while it is not known: of a long list the daemon sends a part, and is asked for what is not in it, once for each revision. */
function entryOf(
  { account: { account }, actions, state: { config, sender } }: CardContext,
  settings: AccountConfigView,
  number: string,
): SenderEntry | null {
  if (isSenderKnown(settings, number)) return settings.senders?.[number] ?? { agent: null, name: null }
  const isAsked =
    sender?.account === account && sender.number === number && sender.revision === config?.revision
  // Not within a drawing.
  if (!isAsked) queueMicrotask(() => void actions.findSender(number))
  return isAsked ? sender.entry : null
}

function idOf(number: string): string {
  return `senders-${number}-agent`
}
