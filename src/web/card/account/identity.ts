import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { chatIcon, copyIcon } from '../../elements/icons.ts'
import { renderCopyButton } from '../../elements/controls/copy-button.ts'
import type { CardContext } from '../card-context.ts'
import { groupNumber } from '../text/group-number.ts'
import { formatDate, formatTimeOfDay } from '../text/time.ts'

/** Whose number it is: initial, number, name and date of the link, and what the page says of a connected one; while the daemon is away of when that is. Nothing before a link. */
export function renderIdentity(context: CardContext): TemplateResult | null {
  const { account, say, locale, state } = context
  const { phoneNumber, displayName, linkedSince, linked } = account
  if (phoneNumber === null && !linked) return state.asOf === null ? null : renderAge(context)
  const initial = /\p{L}/u.exec(displayName ?? '')?.[0]
  return html`<div class="hero ${state.asOf === null ? '' : 'past'}" part="identity">
      <span class="avatar" aria-hidden="true">${initial?.toLocaleUpperCase(locale) ?? chatIcon}</span>
      <dl>
        <dt class="visually-hidden">${say('Number')}</dt>
        <dd class="own-number">
          ${phoneNumber === null ? say('not known yet') : html`<bdi class="number grouped" dir="ltr">${groupNumber(phoneNumber).map((group) => html`<span>${group}</span>`)}</bdi> ${renderCopy(context, phoneNumber)}`}
        </dd>
        ${
          displayName === null
            ? null
            : html`<dt class="visually-hidden">${say('Name')}</dt>
                <dd class="name"><bdi>${displayName}</bdi></dd>`
        }
        ${
          linkedSince === null
            ? null
            : html`<div class="muted small-print">
                <dt>${say('Linked since')}</dt>
                <dd><bdi>${formatDate(linkedSince, locale)}</bdi></dd>
              </div>`
        }
      </dl>
    </div>
    ${state.asOf === null ? null : renderAge(context)}
    ${account.state === 'connected' ? renderActive(context) : null}`
}

/** What a connected number is for: in words of ours, and in those of the page. */
function renderActive({ account, say }: CardContext): TemplateResult {
  return html`${account.business ? html`<p>${say('The channel is active.')}</p>` : null}<slot
      name="connected"
    ></slot>`
}

/** Of when the shown state is, while the daemon is away. */
function renderAge({ shown, say, state, locale }: CardContext): TemplateResult {
  const time = formatTimeOfDay(new Date(state.asOf ?? 0), new Date(), locale)
  return html`<p class="muted small-print">
    ${say('Last known state, as of {time}: {state}.', { time, state: say(shown.label) })}
  </p>`
}

function renderCopy(context: CardContext, text: string): TemplateResult {
  const name = context.say('Copy the number')
  return renderCopyButton(context, {
    key: 'number',
    label: copyIcon,
    kind: 'icon',
    name,
    text,
    source: '.own-number bdi',
  })
}
