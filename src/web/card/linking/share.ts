import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardContext } from '../card-context.ts'
import { renderCopyButton } from '../../elements/controls/copy-button.ts'
import { renderQr } from './qr.ts'

/** A link that opens a chat with this number, and its QR code, to give to the people who may write. */
export function renderShare(context: CardContext, phoneNumber: string): TemplateResult {
  const { say } = context
  const link = `https://wa.me/${phoneNumber.slice(1)}`
  return html`<div class="offer">
    <p class="muted small-print">
      ${say('Opens a chat with this number. Only allowed numbers get answers.')}
    </p>
    <div class="frame small" part="qr">${renderQr(context, link, say('QR code that opens a chat'))}</div>
    <a class="link" href=${link} target="_blank" rel="noopener noreferrer"><bdi>${link}</bdi></a>
    ${renderCopyButton(context, { key: 'share', label: say('Copy link'), text: link, source: '.link' })}
  </div>`
}
