import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { NoSessionReason } from './session.ts'

const SENTENCES: Record<NoSessionReason, string> = {
  no_link: 'This page needs a link that was made for you.',
  link_spent: 'This link was used already or has expired. Each link works once, within five minutes.',
  session_expired: 'The access of this page has ended.',
  daemon_unreachable: 'The daemon does not answer. Is it still running?',
}

/** What to do when the page may not talk to the daemon. */
export function renderNoSession(reason: NoSessionReason): TemplateResult {
  return html`<section class="help" aria-labelledby="help-title">
    <h1 id="help-title">Open this page with a fresh link</h1>
    <p>${SENTENCES[reason]}</p>
    <p>In a terminal of the sandbox, run</p>
    <pre><code>whatsappd open</code></pre>
    <p>
      and use the link that it prints. <code>make demo</code> and <code>whatsappd run</code> print one too
      when they start.
    </p>
  </section>`
}
