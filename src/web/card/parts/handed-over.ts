import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardContext } from '../card-context.ts'
import { formatDateTime } from '../text/time.ts'

const SHOWN = 5

/** Those who asked and got no word, because the assistant leaves them to a person. They are gone once somebody answers there. */
export function renderHandedOver({ account, locale, say }: CardContext): TemplateResult | null {
  const waiting = account.handedOver ?? []
  if (waiting.length === 0) return null
  const rest = waiting.length - SHOWN
  return html`<section class="attention" part="attention" aria-labelledby="handed-over-title">
    <h3 id="handed-over-title">
      ${say('Wait for a person')} <span class="count">${waiting.length.toLocaleString(locale)}</span>
    </h3>
    <p class="muted small-print">
      ${say('The assistant left these questions to a person. Answer them on the phone.')}
    </p>
    <ul class="rows">
      ${waiting.slice(0, SHOWN).map(
        ({ conversation, name, since }) =>
          html`<li>
            <div class="who">
              <div class="clamped">
                <strong class="number"
                  ><bdi>${isGroup(conversation) ? (name ?? conversation) : conversation}</bdi></strong
                >
                ${name === null || isGroup(conversation) ? null : html`<bdi>${name}</bdi>`}
              </div>
              <div class="muted small-print"><bdi>${formatDateTime(since, locale)}</bdi></div>
            </div>
          </li>`,
      )}
    </ul>
    ${rest > 0 ? html`<p class="muted small-print">${say('and {count} more', { count: rest })}</p>` : null}
  </section>`
}

function isGroup(conversation: string): boolean {
  return conversation.endsWith('@g.us')
}
