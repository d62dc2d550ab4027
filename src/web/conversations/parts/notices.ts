import { html } from 'lit'
import type { TemplateResult } from 'lit'
import {
  renderConnectionState,
  renderNoAccount,
  renderNotConfigured,
} from '../../card/parts/connection-state.ts'
import type { LiveView } from '../../card/state/live-view.ts'
import { renderNote } from '../../elements/note.ts'
import type { Words } from '../../elements/language/words.ts'
import type { ConversationsText } from '../text/conversations-texts.ts'

export interface NoticesFrame {
  say: Words<ConversationsText>
  hosted: boolean
  locale: string
  live: LiveView
  /** Whether the page has given an address and a token. */
  isConfigured: boolean
  /** Whether there is an account to show. */
  hasAccount: boolean
}

/** Why there is nothing to show, or nothing live; empty while all is well. */
export function renderNotices(frame: NoticesFrame): TemplateResult {
  const { say, hosted, live, isConfigured, hasAccount } = frame
  const { state } = live
  const isReady = state.connection === 'ready'
  const can = (method: string): boolean => live.can(method)
  return html`<div class="notices" role="status">
    ${isConfigured ? null : renderNotConfigured({ hosted, say })}
    ${isConfigured && !isReady ? renderConnectionState({ ...frame, state }) : null}
    ${isReady && state.loaded && !hasAccount ? renderNoAccount({ say, can }) : null}
    ${isReady && hasAccount && !can('conversations.list') ? renderNoAccess(say) : null}
  </div>`
}

/** The daemon shows no conversations to this page. */
function renderNoAccess(say: Words<ConversationsText>): TemplateResult {
  return renderNote(
    'warning',
    say('This page may not read conversations.'),
    say('Its token needs the scope {scope}, and the daemon a release that has conversations.', {
      scope: 'conversations',
    }),
  )
}
