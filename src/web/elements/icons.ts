import { html } from 'lit'
import type { TemplateResult } from 'lit'

/** All icons are decoration beside words, so they are hidden from screen readers. */
function icon(size: number, path: string): TemplateResult {
  return html`<svg
    viewBox="0 0 24 24"
    width=${size}
    height=${size}
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    <path d=${path} />
  </svg>`
}

export const chatIcon = icon(
  24,
  'M20.5 11.7a8.3 8.3 0 0 1-12.3 7.2L3.5 20.5l1.6-4.6a8.3 8.3 0 1 1 15.4-4.2ZM8.6 11.8h.01M12 11.8h.01M15.4 11.8h.01',
)
export const crossIcon = icon(16, 'm6 6 12 12M18 6 6 18')
export const trashIcon = icon(18, 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5')
export const plusIcon = icon(18, 'M12 5v14M5 12h14')
export const moreIcon = icon(20, 'M5 12h.01M12 12h.01M19 12h.01')
export const copyIcon = icon(16, 'M9 9h11v11H9zM5 15H4V4h11v1')
export const refreshIcon = icon(18, 'M20 12a8 8 0 1 1-2.4-5.7L20 8.5M20 4v4.5h-4.5')
