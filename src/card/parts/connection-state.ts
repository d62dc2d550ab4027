import { html } from '../html.ts'
import type { Template } from '../html.ts'
import type { CardFrame } from './card-context.ts'
import type { Badge } from './card-header.ts'
import { renderNote } from './note.ts'

/** The badge while the card has no account to speak of, or the daemon is away. */
export function connectionBadge({ say, state: { connection } }: CardFrame): Badge {
  if (connection === 'unauthorized') return { tone: 'bad', label: say('No access') }
  if (connection === 'daemon_offline') return { tone: 'warning', label: say('Offline') }
  if (connection === 'tunnel_unreachable') return { tone: 'warning', label: say('Unreachable') }
  return { tone: 'busy', label: say('Connecting') }
}

/** Why null live is shown, and what to do. */
export function renderConnectionState({ say, state }: CardFrame): Template {
  const { connection, connectionError: error, loaded } = state
  if (connection === 'unauthorized') {
    return renderNote(
      'bad',
      say('This page has no access to the daemon any more.'),
      say('Sign in again, or open the page with a new link ("whatsappd open" prints one).'),
    )
  }
  if (error === null || connection === 'connecting') {
    return html`<div class="waiting"><span class="spinner"></span>${say('Connecting to the daemon…')}</div>`
  }
  const hope = say('This card comes back by itself.')
  return renderNote(
    'warning',
    say.said(error.code, error.message),
    [
      say.said(`${error.code}.action`, error.action ?? ''),
      loaded && say('Below is the last known state.'),
      hope,
    ]
      .filter(Boolean)
      .join(' '),
  )
}

/** What a card shows that was given no address or token. */
export function renderNotConfigured({ say }: CardFrame): Template {
  return renderNote(
    'idle',
    say('WhatsApp is not configured for this page.'),
    say('The page has to give this card the url of whatsappd and a token.'),
  )
}
