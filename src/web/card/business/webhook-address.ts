import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { renderCopyButton } from '../../elements/controls/copy-button.ts'
import type { CardContext } from '../card-context.ts'
import type { BusinessAccount } from './business-account.ts'

/** Where Meta has to send what people write, to be copied into its page: for tokens that may link. */
export function renderWebhook(
  context: CardContext,
  { provider, webhook, steps }: BusinessAccount,
): TemplateResult | null {
  const { say, can } = context
  if (!can('accounts.connectBusiness')) return null
  const { callbackUrl, pathSecret, verifyToken } = webhook
  const bare = (callbackUrl ?? webhook.path).replace(/\/+$/, '')
  const address = pathSecret ? `${bare}/${pathSecret}` : (callbackUrl ?? webhook.path)
  const isMeta = provider === 'meta'
  const isReached =
    webhook.lastAt !== null || steps.some(({ step, state }) => step === 'webhook' && state === 'done')
  return html`<details ?open=${!isReached}>
    <summary>${isMeta ? say('Webhook address for Meta') : say('Webhook address for 360dialog')}</summary>
    <div class="group">
      <p class="muted small-print">
        ${
          isMeta
            ? say('In the app at Meta: WhatsApp › Configuration › Webhook.')
            : say('In the 360dialog Hub: the number › Channel Webhook. Keep the address like a password.')
        }
        ${callbackUrl === null ? say('Put the public https address of the sandbox before this path.') : null}
      </p>
      ${renderCopy(context, 'callback', say('Callback URL'), address)}
      ${isMeta && verifyToken ? renderCopy(context, 'verify-token', say('Verify token'), verifyToken) : null}
    </div>
  </details>`
}

function renderCopy(context: CardContext, id: string, label: string, text: string): TemplateResult {
  const { say } = context
  return html`<div>
    <span class="muted small-print">${label}</span>
    <div class="row">
      <code id=${id} dir="ltr">${text}</code>
      ${renderCopyButton(context, {
        key: id,
        label: say('Copy'),
        name: `${say('Copy')}: ${label}`,
        text,
        source: `#${id}`,
      })}
    </div>
  </div>`
}
