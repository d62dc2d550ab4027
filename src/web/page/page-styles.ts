import { css } from 'lit'

/** The page around the card. */
export const pageStyles = css`
  :host {
    display: block;
    --good-ground: color-mix(in srgb, var(--good) 13%, var(--ground));
    --bad-ground: color-mix(in srgb, var(--bad) 13%, var(--ground));
    box-sizing: border-box;
    min-height: 100vh;
    padding: 40px 24px 56px;
    font-family: var(--font);
    line-height: 1.5;
    color: var(--text);
    background: light-dark(#f2f5f3, #0d1210);
  }
  :host([hidden]) {
    display: none;
  }
  /* For screen readers only; the card has a visible heading. */
  h1:not(.help *) {
    position: absolute;
    width: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .shown {
    width: 100%;
    max-width: 460px;
    margin: 0 auto;
  }
  .shown.conversations {
    max-width: 1100px;
  }
  whatsapp-conversations {
    height: min(820px, calc(100dvh - 110px));
    min-height: 420px;
  }
  .tabs {
    display: flex;
    gap: 4px;
    margin-bottom: 12px;
  }
  .tabs button {
    min-height: 38px;
    padding: 6px 14px;
    border: 0;
    border-bottom: 3px solid transparent;
    border-radius: 8px 8px 0 0;
    background: none;
    color: var(--muted);
    font: inherit;
    cursor: pointer;
  }
  .tabs [aria-selected='true'] {
    border-color: var(--accent);
    color: var(--text);
  }
  @media (forced-colors: active) {
    .tabs [aria-selected='false'] {
      border-color: Canvas;
    }
  }
  .tabs :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: -3px;
  }
  .help {
    max-width: 460px;
    margin: 8vh auto 0;
    padding: 28px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--ground);
    box-shadow: var(--shadow);
  }
  .help h1 {
    margin: 0 0 8px;
    font-size: 1.3rem;
    line-height: 1.3;
  }
  .help p {
    margin: 10px 0;
    color: var(--muted);
  }
  .help button {
    padding: 8px 16px;
    border: 0;
    border-radius: 10px;
    background: var(--accent);
    color: var(--on-accent);
    font: inherit;
    cursor: pointer;
  }
  .unkept {
    max-width: 460px;
    margin: 0 auto 16px;
    color: var(--muted);
  }
  pre {
    margin: 0;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
    padding: 12px 16px;
    border-radius: 12px;
    background: var(--soft);
    color: var(--text);
  }
  code {
    font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace;
    font-size: 0.92em;
  }
  @media (max-width: 520px) {
    :host {
      padding: 16px 12px 32px;
    }
  }
`
