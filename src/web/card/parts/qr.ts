import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardFrame } from '../card-context.ts'
import type { QrPath } from './qr-path.ts'

/** What computes the modules, once it is loaded: most who see the card have linked already. */
let qrPath: ((text: string) => QrPath) | null = null
let loading: Promise<void> | null = null
/** The text for which it could not be loaded; the next text asks again. */
let failedFor: string | null = null
let drawn: { text: string; drawing: QrPath } | null = null

/** Loads what draws QR codes, for when one is about to be needed. Never rejects. */
export function loadQr(text: string | null = null): Promise<void> {
  loading ??= import('./qr-path.ts').then(
    (script) => void (qrPath = script.qrPath),
    () => {
      loading = null
      failedFor = text
    },
  )
  return loading
}

/** `text` as a QR on white ground, computed once however often the card is redrawn. */
export function renderQr(
  { say, set }: Pick<CardFrame, 'say' | 'set'>,
  text: string,
  name: string,
): TemplateResult {
  if (qrPath === null) {
    if (failedFor === text) {
      return html`<p class="over" role="alert">
        ${say('A part of this page could not be loaded. Reload the page.')}
      </p>`
    }
    void loadQr(text).then(() => set({}))
    return html`<span class="spinner over"></span>`
  }
  if (drawn?.text !== text) drawn = { text, drawing: qrPath(text) }
  const { size, path } = drawn.drawing
  return html`<svg class="qr" viewBox="0 0 1 1" shape-rendering="crispEdges" role="img" aria-label=${name}>
    <path d=${path} transform=${`scale(${1 / size})`} fill="#0c1712" />
  </svg>`
}
