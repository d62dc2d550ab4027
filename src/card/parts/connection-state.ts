import type { TemplateResult } from 'lit'
import { html } from 'lit'
import type { CardState } from '../state/card-state.ts'
import type { Badge } from './card-header.ts'
import { renderNote } from './note.ts'

/** The badge while the card has no account to speak of, or the daemon is away. */
export function connectionBadge({ connection }: CardState): Badge {
  if (connection === 'unauthorized') return { tone: 'bad', label: 'No access' }
  if (connection === 'daemon_offline') return { tone: 'warning', label: 'Offline' }
  return { tone: 'busy', label: 'Connecting' }
}

/** Why nothing live is shown, and what to do. */
export function renderConnectionState({ connection, connectionError, loaded }: CardState): TemplateResult {
  if (connection === 'unauthorized') {
    return renderNote(
      'bad',
      'This page has no access to the daemon any more.',
      'Open it anew: run "whatsappd open" in the sandbox and use the link that it prints.',
    )
  }
  if (connection === 'daemon_offline') {
    const isIncompatible = connectionError?.code === 'incompatible'
    return renderNote(
      'warning',
      isIncompatible ? connectionError.message : 'The daemon is offline.',
      isIncompatible
        ? (connectionError.action ?? 'Check the address.')
        : `WhatsApp works only while the sandbox and whatsappd are running. ${
            loaded ? 'What is shown below is the last known state; it' : 'This card'
          } comes back by itself.`,
    )
  }
  return html`<div class="waiting"><span class="spinner"></span>Connecting to the daemon…</div>`
}

/** What a card shows that was given no address or token. */
export function renderNotConfigured(): TemplateResult {
  return renderNote(
    'idle',
    'No daemon is configured for this card.',
    'Set its url to the control plane of whatsappd (such as ws://127.0.0.1:8765/v1/ws) and its token.',
  )
}
