import { css } from 'lit'

/** Buttons, fields and the words around them, for the card and the demo around it. */
export const controls = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
    unicode-bidi: plaintext;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  h2,
  h3,
  p,
  ul,
  ol {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  button,
  input,
  select {
    font: inherit;
    color: inherit;
    min-height: 42px;
    padding: 8px 14px;
    border: 1px solid var(--line);
    border-radius: 12px;
    background: var(--ground);
  }
  button {
    display: inline-flex;
    max-width: 100%;
    align-items: center;
    justify-content: center;
    gap: 8px;
    font-weight: 550;
    cursor: pointer;
  }
  button:hover:not(:disabled) {
    border-color: var(--line-strong);
    background: var(--soft);
  }
  :disabled {
    cursor: not-allowed;
    opacity: 0.55;
  }
  button.primary {
    border-color: transparent;
    background: var(--accent);
    color: var(--on-accent);
  }
  button.primary:hover:not(:disabled) {
    background: var(--accent);
    filter: brightness(1.08);
  }
  button.quiet,
  button.icon {
    border-color: transparent;
    background: none;
    color: var(--accent);
  }
  button.icon {
    flex: none;
    width: 36px;
    padding: 0;
    color: inherit;
  }
  button.quiet,
  button.small,
  button.icon {
    min-height: 36px;
  }
  button.small,
  button.quiet {
    padding: 6px 12px;
    font-size: 0.9rem;
  }
  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }
  input,
  select {
    width: 100%;
    min-width: 0;
    border-color: var(--line-strong);
  }
  ::placeholder {
    color: var(--muted);
    opacity: 1;
  }
  [aria-invalid='true'] {
    border-color: var(--bad);
  }
  .muted {
    color: var(--muted);
  }
  .small-print,
  .field-error {
    font-size: 0.875rem;
    line-height: 1.5;
  }
  .field-error {
    color: var(--bad);
  }
  .number {
    /* A number is on one line, also where texts are large and the place is narrow; a sentence with a time in it is not. */
    font-size: min(1em, 6vw);
    font-variant-numeric: tabular-nums;
  }
  .number:not([role]) {
    white-space: nowrap;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (forced-colors: active) {
    :disabled {
      opacity: 1;
    }
    .primary:enabled {
      forced-color-adjust: none;
      background: Highlight !important;
      color: HighlightText;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation-duration: 1ms !important;
      animation-iteration-count: 1 !important;
      transition: none !important;
    }
  }
`
