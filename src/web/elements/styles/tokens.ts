import { css } from 'lit'

/**
 * Colours and measures. Light and dark follow the `color-scheme` that the element inherits. A page restyles the card with the
 * `--whatsapp-card-*` properties. Text on its ground keeps a contrast of at least 4.5:1 in both schemes.
 */
export const tokens = css`
  :host {
    --font: var(--whatsapp-card-font, system-ui, sans-serif);
    --accent: var(--whatsapp-card-accent, light-dark(#0b7a53, #45d395));
    --on-accent: var(--whatsapp-card-on-accent, light-dark(#fff, #05241a));
    --ground: var(--whatsapp-card-ground, light-dark(#fff, #151c19));
    --soft: color-mix(in srgb, var(--text) 5%, var(--ground));
    --line: color-mix(in srgb, var(--text) 14%, var(--ground));
    --line-strong: color-mix(in srgb, var(--text) 55%, var(--ground));
    --text: var(--whatsapp-card-text, light-dark(#14201b, #e9f0ec));
    --muted: color-mix(in srgb, var(--text) 72%, var(--ground));
    --radius: var(--whatsapp-card-radius, 18px);
    --good: light-dark(#0a6242, #86e3b8);
    --busy: light-dark(#1a5193, #a2cbff);
    --warning: light-dark(#744a00, #f4d083);
    --bad: light-dark(#9c1f1f, #ffb4af);
    --shadow: 0 1px 2px #0f231910, 0 8px 28px light-dark(#0f231917, #0006);
  }
`
