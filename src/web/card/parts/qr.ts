import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { qrPath } from '../text/qr-path.ts'
import type { QrPath } from '../text/qr-path.ts'

let drawn: { text: string; drawing: QrPath } | null = null

/** `text` as a QR on white ground, computed once however often the card is redrawn. */
export function renderQr(text: string, name: string): TemplateResult {
  if (drawn?.text !== text) drawn = { text, drawing: qrPath(text) }
  const { size, path } = drawn.drawing
  return html`<svg class="qr" viewBox="0 0 1 1" shape-rendering="crispEdges" role="img" aria-label=${name}>
    <path d=${path} transform=${`scale(${1 / size})`} fill="#0c1712" />
  </svg>`
}
