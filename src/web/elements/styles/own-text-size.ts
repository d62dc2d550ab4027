import { unsafeCSS } from 'lit'
import type { CSSResult } from 'lit'

const UNIT = '--whatsapp-card-rem'

/**
 * `styles` in which `rem` is the text size of the element that sets `--whatsapp-card-rem: 1em`, not that of the page's root: many pages
 * set theirs to 62.5%. Where the browser cannot register a property (Firefox before 128) small texts in small texts become smaller.
 */
export function withOwnTextSize(styles: readonly CSSResult[]): CSSResult[] {
  const { CSS: rules }: Partial<typeof globalThis> = globalThis // a server has none
  try {
    rules?.registerProperty({ name: UNIT, syntax: '<length>', inherits: true, initialValue: '16px' })
  } catch {
    // Another bundle on the page has registered it.
  }
  return styles.map(({ cssText }) =>
    unsafeCSS(cssText.replaceAll(/([\d.]+)rem\b/g, `calc(var(${UNIT}) * $1)`)),
  )
}
