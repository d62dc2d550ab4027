import { css } from './css.ts'

/**
 * Colours and measures. Light and dark follow the `color-scheme` in force where the card stands. A page restyles the card with the
 * `--whatsapp-card-*` properties. Text on its ground keeps a contrast of at least 4.5:1 in both schemes.
 */
export const tokens = css`
  :host {
    --font: var(--whatsapp-card-font, system-ui, sans-serif);
    --accent: var(--whatsapp-card-accent, light-dark(#0b7a53, #45d395));
    --on-accent: var(--whatsapp-card-on-accent, light-dark(#fff, #05241a));
    --ground: var(--whatsapp-card-ground, light-dark(#fff, #151c19));
    --soft: var(--whatsapp-card-soft, light-dark(#f3f6f4, #1e2723));
    --line: var(--whatsapp-card-line, light-dark(#dfe6e2, #2e3a34));
    --line-strong: light-dark(#75827b, #77857d);
    --text: var(--whatsapp-card-text, light-dark(#14201b, #e9f0ec));
    --muted: var(--whatsapp-card-muted, light-dark(#52605a, #a5b3ac));
    --radius: var(--whatsapp-card-radius, 18px);
    --good: light-dark(#0a6242, #86e3b8);
    --busy: light-dark(#1a5193, #a2cbff);
    --warning: light-dark(#744a00, #f4d083);
    --bad: light-dark(#9c1f1f, #ffb4af);
    --idle: light-dark(#45524c, #bcc8c2);
    --shadow: 0 1px 2px #0f231910, 0 8px 28px light-dark(#0f231917, #0006);
  }
`
