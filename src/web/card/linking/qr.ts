import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardFrame } from '../card-context.ts'
import { LatePart } from '../late-part.ts'
import type { QrPath } from './qr-path.ts'

/** What computes the modules: CommonJS, which has a script of its own. */
export const qrDrawing = new LatePart(async () => (await import('./qr-path.ts')).qrPath)

let drawn: { text: string; drawing: QrPath } | null = null

/** `text` as a QR on white ground, computed once however often the card is redrawn. */
export function renderQr(frame: Pick<CardFrame, 'say' | 'set'>, text: string, name: string): TemplateResult {
  return qrDrawing.draw(frame, (qrPath) => {
    if (drawn?.text !== text) drawn = { text, drawing: qrPath(text) }
    const { size, path } = drawn.drawing
    return html`<svg class="qr" viewBox="0 0 1 1" shape-rendering="crispEdges" role="img" aria-label=${name}>
      <path d=${path} transform=${`scale(${1 / size})`} fill="#0c1712" />
    </svg>`
  })
}
