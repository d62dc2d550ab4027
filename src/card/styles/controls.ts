import { css } from 'lit'

/** Buttons, fields and the words around them, for the card and every element inside it. */
export const controls = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
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
  }
  button,
  input {
    font: inherit;
    color: inherit;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: 42px;
    padding: 8px 16px;
    border: 1px solid var(--line);
    border-radius: 12px;
    background: var(--ground);
    color: var(--text);
    font-weight: 550;
    cursor: pointer;
    transition:
      background-color 120ms,
      border-color 120ms,
      filter 120ms;
  }
  button:hover:not(:disabled) {
    border-color: var(--line-strong);
    background: var(--soft);
  }
  button:disabled {
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
  button.danger {
    border-color: transparent;
    background: var(--bad-ground);
    color: var(--bad-text);
  }
  button.quiet {
    min-height: 36px;
    padding: 6px 10px;
    border-color: transparent;
    background: transparent;
    color: var(--accent);
  }
  button.quiet:hover:not(:disabled) {
    background: var(--soft);
  }
  button.small {
    min-height: 36px;
    padding: 6px 12px;
    font-size: 0.9rem;
  }
  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }
  input {
    min-height: 42px;
    width: 100%;
    padding: 8px 12px;
    border: 1px solid var(--line-strong);
    border-radius: 12px;
    background: var(--ground);
  }
  input::placeholder {
    color: var(--muted);
    opacity: 0.8;
  }
  input[aria-invalid='true'] {
    border-color: var(--bad-text);
  }
  .muted {
    color: var(--muted);
  }
  .small-print {
    font-size: 0.875rem;
    line-height: 1.5;
  }
  .field-error {
    margin-top: 6px;
    font-size: 0.875rem;
    color: var(--bad-text);
  }
  .number {
    font-variant-numeric: tabular-nums;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
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
