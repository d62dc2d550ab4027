import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { ClientState } from '../../../client/client-events.ts'
import type { CardText } from '../text/card-texts.ts'
import { formatCountdown } from '../text/time.ts'
import type { CardFrame } from '../card-context.ts'
import type { Badge } from '../../elements/badge.ts'
import { button } from '../../elements/controls/button.ts'
import { renderNote } from '../../elements/note.ts'
import type { Tone } from '../../elements/note.ts'

const BADGES: Partial<Record<ClientState, readonly [Tone, CardText]>> = {
  unauthorized: ['bad', 'No access'],
  token_unavailable: ['warning', 'No access'],
  daemon_offline: ['warning', 'Offline'],
  tunnel_unreachable: ['warning', 'Unreachable'],
}

/** The badge while the card shows no account, or the daemon cannot be reached. */
export function connectionBadge({ say, can, state }: CardFrame): Badge {
  const { connection, connectionError, loaded } = state
  if (connection === 'closed' && connectionError !== null) return { tone: 'bad', label: say('Unreachable') }
  if (connection === 'ready' && loaded) {
    return can('accounts.list')
      ? { tone: 'idle', label: say('Not set up') }
      : { tone: 'bad', label: say('No access') }
  }
  const [tone, label] = BADGES[connection] ?? ['busy', 'Connecting']
  return { tone, label: say(label) }
}

/** What a card says that is connected and has no account to show. */
export function renderNoAccount({ say, can }: Pick<CardFrame, 'say' | 'can'>): TemplateResult {
  return can('accounts.list')
    ? html`<p>${say('This account does not exist.')}</p>`
    : renderNote(
        'bad',
        say('This token may not read.'),
        say('Give it the scope read: without it the card can show no account.'),
      )
}

/** Why nothing live is shown, and what to do. */
export function renderConnectionState(
  frame: Pick<CardFrame, 'hosted' | 'say' | 'state' | 'live' | 'locale'>,
): TemplateResult {
  const { hosted, say, state } = frame
  const { connection, connectionError: error } = state
  if (error === null || connection === 'connecting') {
    return html`<div class="waiting"><span class="spinner"></span>${say('Connecting to the daemon…')}</div>`
  }
  if (connection === 'unauthorized') {
    // A refused token has a reason of its own, which is a string on the wire.
    const code = (error.details?.['reason'] ?? error.code) as string
    const [why] = say.said({ code, message: error.message })
    const way = hosted
      ? say('Sign in again.')
      : say('Sign in again, or open the page with a new link ("whatsappd open" prints one).')
    return renderNote('bad', say('This page has no access to the daemon any more.'), `${why} ${way}`)
  }
  return html`${renderNote('warning', ...say.said(error))}
  ${connection === 'closed' ? null : renderNextAttempt(frame)}`
}

/** When the card tries again, with the way to do it at once. */
function renderNextAttempt({
  say,
  state: { retryAt },
  live,
  locale,
}: Pick<CardFrame, 'say' | 'state' | 'live' | 'locale'>): TemplateResult {
  const seconds = retryAt === null ? 0 : Math.ceil((retryAt - Date.now()) / 1_000)
  return html`<div class="attempt">
    <span class="muted small-print number" role="timer">
      ${seconds > 0 ? say('Next attempt in {time}.', { time: formatCountdown(seconds, locale) }) : say('Trying now…')}
    </span>
    ${button(say('Try now'), live.probe, { kind: 'small', id: 'try-now' })}
  </div>`
}

/** What the card shows while the page has set no address or token. */
export function renderNotConfigured({ hosted, say }: Pick<CardFrame, 'hosted' | 'say'>): TemplateResult {
  if (hosted) return renderNote('idle', say('WhatsApp is not set up on this page yet.'))
  return renderNote(
    'idle',
    say('WhatsApp is not configured for this page.'),
    say('The page has to give this card the url of whatsappd and a token.'),
  )
}
