import { css } from 'lit'

/** Linking with a passkey: lines to copy, the field for the answer, and the way to WhatsApp Web. */
export const passkeyStyles = css`
  .passkey {
    display: grid;
    gap: 14px;
    min-width: 0;
  }
  .passkey h3 {
    font-size: 1.05rem;
  }
  .passkey .steps {
    gap: 18px;
  }
  .steps .group {
    flex: 1;
    justify-items: start;
  }
  .steps .group > :is(.row, form) {
    width: 100%;
  }
  .passkey .row {
    flex-wrap: wrap;
  }
  .row > [role='status']:not(:empty) {
    flex-basis: 100%;
  }
  .line,
  textarea {
    font:
      0.8rem/1.4 ui-monospace,
      Menlo,
      Consolas,
      monospace;
  }
  .line {
    flex: 1;
    min-width: 0;
    text-overflow: ellipsis;
  }
  textarea {
    width: 100%;
    padding: 8px 14px;
    border: 1px solid var(--line-strong);
    border-radius: 12px;
    background: var(--ground);
    color: inherit;
    resize: vertical;
    overflow-wrap: anywhere;
  }
  form .primary {
    justify-self: start;
  }
  a.button {
    display: inline-flex;
    align-items: center;
    min-height: 42px;
    padding: 8px 14px;
    border-radius: 12px;
    background: var(--accent);
    color: var(--on-accent);
    font-weight: 550;
    text-decoration: none;
  }
  a.button:hover {
    filter: brightness(1.08);
  }
  @media (forced-colors: active) {
    a.button {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }
`
