import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { entryOf } from '../state/card-state.ts'
import type { BlockedSender } from '../state/card-state.ts'
import { countryOf } from '../text/countries.ts'
import { formatDateTime } from '../text/time.ts'
import { button } from '../../elements/controls/button.ts'
import type { CardContext } from '../card-context.ts'
import { crossIcon } from '../../elements/icons.ts'
import { renderFailure } from '../../elements/note.ts'
import { renderRest } from './rest.ts'

const SHOWN = 5

/** Who wrote without being allowed, each with an "Allow" button, as far as there is place for them. They got no answer and no receipt. */
export function renderBlockedRows(context: CardContext, blocked: readonly BlockedSender[]): TemplateResult {
  return html`<ul class="rows">
      ${blocked.slice(0, SHOWN).map((sender) => renderSender(context, sender))}
    </ul>
    ${renderRest(context, blocked.length - SHOWN)}`
}

function renderSender(
  { actions, can, disabled, live, say, isWritable, locale }: CardContext,
  sender: BlockedSender,
): TemplateResult {
  const { phoneNumber, name, reason, at } = sender
  const entry = entryOf(sender)
  const who = phoneNumber ?? name ?? say('Somebody')
  const failure = live.failure(`allow ${entry ?? ''}`) ?? live.failure(`ignore ${phoneNumber ?? ''}`)
  const allow = { name: say('Allow {name}', { name: who }), disabled, kind: 'primary small' }
  return html`<li>
      <div class="who">
        <div class="clamped">
          <strong class="number"><bdi>${who}</bdi></strong>
          ${phoneNumber === null || name === null ? null : html`<bdi>${name}</bdi>`}
        </div>
        <div class="muted small-print">
          ${
            phoneNumber === null
              ? say(
                  entry === null
                    ? 'WhatsApp hides the number, so it cannot be allowed yet'
                    : 'WhatsApp hides the number. A name proves nothing: allow only somebody who told you in another way.',
                )
              : [
                  reason === 'person_changed' ? say('Another WhatsApp account than before') : '',
                  countryOf(phoneNumber, locale),
                  formatDateTime(at, locale),
                ]
                  .filter((text) => text !== '')
                  .map((text, index) => html`${index === 0 ? null : '\u{A0}· '}<bdi>${text}</bdi>`)
          }
        </div>
      </div>
      <div class="row">
        ${entry !== null && isWritable ? button(say('Allow'), () => actions.allow(entry, name), allow) : null}
        ${
          phoneNumber !== null && can('accounts.ignoreSender')
            ? button(crossIcon, () => actions.ignore(sender, phoneNumber), {
                kind: 'icon',
                name: say('Ignore {name} for 90 days', { name: who }),
                disabled,
              })
            : button(crossIcon, () => live.dispatch({ type: 'blockedDismissed', blocked: sender }), {
                kind: 'icon',
                name: say('Hide {name}', { name: who }),
              })
        }
      </div>
    </li>
    ${failure === null ? null : html`<li>${renderFailure(say, failure)}</li>`}`
}
