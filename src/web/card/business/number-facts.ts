import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { renderNote } from '../../elements/note.ts'
import type { CardContext } from '../card-context.ts'
import type { CardText } from '../text/card-texts.ts'
import { formatDateTime, formatTimeOfDay } from '../text/time.ts'
import type { BusinessAccount } from './business-account.ts'
import { renderFacts } from './fact-list.ts'
import type { Fact } from './fact-list.ts'
import { renderMonth } from './month-usage.ts'

const QUALITY: Readonly<Record<string, CardText>> = { GREEN: 'good', YELLOW: 'medium', RED: 'low' }

/** What Meta says of the number, and what came of it: quality, limits, webhooks, the month's messages. */
export function renderNumberFacts(context: CardContext, business: BusinessAccount): TemplateResult {
  const { say, locale } = context
  const { number, webhook, tokenExpiresAt, sourceNote } = business
  const { lastRefusal } = webhook
  return html`<section class="life" part="business" aria-label=${say('Business number')}>
    ${renderFacts([...numberFacts(context, number), ...webhookFacts(context, webhook)])}
    ${
      number?.isOnBusinessApp === true
        ? html`<p class="muted small-print">
            ${say('The number also runs in the WhatsApp Business app: what is written there pauses the assistant in that chat.')}
          </p>`
        : null
    }
    ${
      number?.accountMode === 'SANDBOX'
        ? renderNote(
            'warning',
            say('A test number of Meta: it writes to a few people only, whom you name there.'),
          )
        : null
    }
    ${
      lastRefusal === null
        ? null
        : html`<p class="small-print warned">
            ${say('A webhook was refused on {date}: {why}', { date: formatDateTime(lastRefusal.at, locale), why: lastRefusal.why })}
          </p>`
    }
    ${
      tokenExpiresAt === null
        ? null
        : html`<p class="muted small-print">
            ${say('The access token is valid until {date}.', { date: formatDateTime(tokenExpiresAt, locale) })}
          </p>`
    }
    ${sourceNote === null ? null : html`<p class="muted small-print">${say.declared(sourceNote)}</p>`}
    ${renderMonth(context)}
  </section>`
}

function numberFacts({ say, locale }: CardContext, number: BusinessAccount['number']): Fact[] {
  if (number === null) return []
  const { quality, messagingLimit, status } = number
  const known = quality === null || !Object.hasOwn(QUALITY, quality) ? undefined : QUALITY[quality]
  const limit = messagingLimit === null ? null : limitOf(messagingLimit)
  return [
    [say('Quality'), say(known ?? 'not rated yet'), quality === 'RED' || quality === 'YELLOW'],
    ...(limit === null
      ? []
      : [
          [
            say('New chats a day'),
            Number.isFinite(limit) ? limit.toLocaleString(locale) : say('without limit'),
          ] as const,
        ]),
    ...(status === null || status === 'CONNECTED' ? [] : [[say('At Meta'), status, true] as const]),
  ]
}

function webhookFacts({ say, locale }: CardContext, webhook: BusinessAccount['webhook']): Fact[] {
  const { lastAt, refused, foreign } = webhook
  const count = (value: number): string => value.toLocaleString(locale)
  const last = lastAt === null ? say('none yet') : formatTimeOfDay(new Date(lastAt), new Date(), locale)
  return [
    [say('Last webhook'), last],
    [say('Refused webhooks'), count(refused), refused > 0],
    ...(foreign === 0 ? [] : [[say('For other numbers'), count(foreign), true] as const]),
  ]
}

/** How many people a number may write to first within 24 hours, of what Meta calls it, such as `TIER_2K`; `null` for what cannot be read. */
export function limitOf(tier: string): number | null {
  if (/UNLIMITED/i.test(tier)) return Number.POSITIVE_INFINITY
  const [, digits, thousands] = /(\d+)(K?)$/i.exec(tier) ?? []
  return digits === undefined ? null : Number(digits) * (thousands === '' ? 1 : 1_000)
}
