import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { NoSessionReason } from './session.ts'

/** What to do when the page may not talk to the daemon; `retry` tries the same link again. */
export function renderNoSession(reason: NoSessionReason, retry: () => void): TemplateResult {
  switch (reason) {
    case 'no_link':
      return freshLink('This page needs a link that was made for you.')
    case 'link_spent':
      return freshLink(
        'This link was used already or has expired. Each link works once, within five minutes.',
      )
    case 'session_expired':
      return freshLink('The access of this page has ended.')
    case 'origin_refused':
      return laterAgain(
        'This page is at an address that the daemon does not know',
        html`<p>
            It was opened at <code>${location.origin}</code>, and the daemon listens at another one: a mapped
            port, another name, or a proxy in between. In the config of the sandbox, allow this address:
          </p>
          <pre><code>whatsappd: { allowedOrigins: ['${location.origin}'] }</code></pre>
          <p>A save is in force immediately. The link was not used by this.</p>`,
        retry,
      )
    case 'too_many_attempts':
      return laterAgain(
        'Too many attempts',
        html`<p>
          The daemon takes no more links from here for a moment. Wait a minute; the link was not used by this.
        </p>`,
        retry,
      )
    case 'not_the_daemon':
      return laterAgain(
        'Something else answers here',
        html`<p>
          What answers at <code>${location.host}</code> in the place of the daemon is another program, such as
          a proxy that does not pass <code>/v1/session</code> on. The link was not used by this.
        </p>`,
        retry,
      )
    case 'daemon_unreachable':
      return laterAgain(
        'The daemon does not answer',
        html`<p>
          It does not run, or the way to it is closed: the tunnel, the port that is mapped to it, the network.
          The link was not used by this, but it works for five minutes only.
        </p>`,
        retry,
      )
  }
}

function freshLink(why: string): TemplateResult {
  return html`<section class="help" aria-labelledby="help-title">
    <h1 id="help-title">Open this page with a fresh link</h1>
    <p>${why}</p>
    <p>In a terminal of the sandbox, run</p>
    <pre><code>whatsappd open</code></pre>
    <p>
      and use the link that it prints. <code>make demo</code> and <code>whatsappd run</code> print one too
      when they start.
    </p>
  </section>`
}

function laterAgain(title: string, what: TemplateResult, retry: () => void): TemplateResult {
  return html`<section class="help" aria-labelledby="help-title">
    <h1 id="help-title">${title}</h1>
    ${what}
    <p><button type="button" @click=${retry}>Try again</button></p>
  </section>`
}
