import { css } from 'lit'

/**
 * Colours and measures. A page restyles the card with `--whatsapp-card-accent`, `--whatsapp-card-on-accent` and
 * `--whatsapp-card-font`. Text on its ground keeps a contrast of at least 4.5:1 in both schemes.
 */
export const tokens = css`
  :host {
    color-scheme: light dark;
    --font: var(
      --whatsapp-card-font,
      ui-sans-serif,
      system-ui,
      'Segoe UI',
      Roboto,
      'Helvetica Neue',
      Arial,
      sans-serif
    );
    --accent: var(--whatsapp-card-accent, #0b7a53);
    --on-accent: var(--whatsapp-card-on-accent, #ffffff);
    --ground: #ffffff;
    --soft: #f3f6f4;
    --line: #dfe6e2;
    --line-strong: #84918a;
    --text: #14201b;
    --muted: #52605a;
    --good-ground: #dff4e8;
    --good-text: #0a6242;
    --busy-ground: #e5effa;
    --busy-text: #1a5193;
    --warning-ground: #fff3d9;
    --warning-text: #744a00;
    --bad-ground: #fde9e8;
    --bad-text: #9c1f1f;
    --idle-ground: #ebefed;
    --idle-text: #45524c;
    --shadow: 0 1px 2px rgb(15 35 25 / 6%), 0 8px 28px rgb(15 35 25 / 9%);
    --radius: 18px;
  }
  @media (prefers-color-scheme: dark) {
    :host {
      --accent: var(--whatsapp-card-accent, #45d395);
      --on-accent: var(--whatsapp-card-on-accent, #05241a);
      --ground: #151c19;
      --soft: #1e2723;
      --line: #2e3a34;
      --line-strong: #77857d;
      --text: #e9f0ec;
      --muted: #a5b3ac;
      --good-ground: #123829;
      --good-text: #86e3b8;
      --busy-ground: #162e49;
      --busy-text: #a2cbff;
      --warning-ground: #392b0b;
      --warning-text: #f4d083;
      --bad-ground: #431d1d;
      --bad-text: #ffb4af;
      --idle-ground: #28332d;
      --idle-text: #bcc8c2;
      --shadow: 0 1px 2px rgb(0 0 0 / 40%), 0 8px 28px rgb(0 0 0 / 35%);
    }
  }
`
