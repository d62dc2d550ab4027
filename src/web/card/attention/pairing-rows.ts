import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { MethodResult } from '../../../protocol/methods.ts'
import { button } from '../../elements/controls/button.ts'
import { renderFailure } from '../../elements/note.ts'
import type { PairingFrame } from '../card-context.ts'
import { countryOf } from '../text/countries.ts'
import { formatDateTime } from '../text/time.ts'

type PairingRequest = MethodResult<'pairing.list'>['requests'][number]

/** Who asks for access, each with the code that they were sent and the two decisions. */
export function renderPairingRows(
  context: PairingFrame,
  requests: readonly PairingRequest[],
): TemplateResult {
  const { say } = context
  const advice = [
    requests.some(({ source }) => source !== 'program')
      ? say('Compare the code with the one that the person tells you. A name proves nothing.')
      : null,
    requests.some(({ source }) => source === 'program')
      ? say('Allow a number that an assistant asks for only if you know whose it is.')
      : null,
  ]
  return html`${advice.map((text) => (text === null ? null : html`<p class="muted small-print">${text}</p>`))}
    <ul class="rows">
      ${requests.map((request) => renderRequest(context, request))}
    </ul>`
}

function renderRequest(
  { actions, can, disabled, live, locale, say }: PairingFrame,
  { code, phoneNumber, id, name, expiresAt, source, reason }: PairingRequest,
): TemplateResult {
  const who = phoneNumber ?? name ?? say('Somebody')
  const refused = live.failure(`pairing ${code}`)
  const facts = [
    phoneNumber === null ? (id ?? '') : countryOf(phoneNumber, locale),
    say('Until {date}.', { date: formatDateTime(expiresAt, locale) }),
  ].filter((text) => text !== '')
  return html`<li>
      <div class="who">
        <div class="clamped">
          <strong class="number"><bdi>${who}</bdi></strong>
          ${phoneNumber === null || name === null ? null : html`<bdi>${name}</bdi>`}
        </div>
        ${
          source === 'program'
            ? html`<div class="small-print">
                ${say('An assistant asks for this number.')}
                ${reason ? html`<q class="clamped"><bdi>${reason}</bdi></q>` : null}
              </div>`
            : html`<div><code>${code}</code></div>`
        }
        <div class="muted small-print">
          ${facts.map((text, index) => html`${index === 0 ? null : ' · '}<bdi>${text}</bdi>`)}
        </div>
      </div>
      <div class="row">
        ${
          can('pairing.approve')
            ? button(say('Allow'), () => actions.approvePairing(code), {
                kind: 'primary small',
                name: say('Allow {name}', { name: who }),
                disabled,
              })
            : null
        }
        ${
          can('pairing.reject')
            ? button(say('Reject'), () => actions.rejectPairing(code), {
                kind: 'small',
                name: say('Reject {name}', { name: who }),
                disabled,
              })
            : null
        }
      </div>
    </li>
    ${refused === null ? null : html`<li>${renderFailure(say, refused)}</li>`}`
}
