import { svg } from 'lit'
import type { SVGTemplateResult } from 'lit'

/** Drawn for this card; all are decoration beside words, so hidden from screen readers. */
export const chatIcon: SVGTemplateResult = svg`<svg viewBox="0 0 24 24" width="24" height="24" fill="none"
  stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
  <path d="M20.5 11.7a8.3 8.3 0 0 1-12.3 7.2L3.5 20.5l1.6-4.6a8.3 8.3 0 1 1 15.4-4.2Z" />
  <path d="M8.6 11.8h.01M12 11.8h.01M15.4 11.8h.01" stroke-width="2.4" />
</svg>`

export const crossIcon: SVGTemplateResult = svg`<svg viewBox="0 0 24 24" width="16" height="16" fill="none"
  stroke="currentColor" stroke-width="2.2" stroke-linecap="round" aria-hidden="true">
  <path d="m6 6 12 12M18 6 6 18" />
</svg>`

export const refreshIcon: SVGTemplateResult = svg`<svg viewBox="0 0 24 24" width="18" height="18" fill="none"
  stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
  <path d="M20 12a8 8 0 1 1-2.4-5.7L20 8.5M20 4v4.5h-4.5" />
</svg>`
