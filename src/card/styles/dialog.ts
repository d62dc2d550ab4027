import { css } from 'lit'

/** The dialog "Edit allowed numbers". */
export const dialogStyles = css`
  :host {
    display: contents;
  }
  dialog {
    width: min(420px, calc(100vw - 32px));
    padding: 24px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--ground);
    color: var(--text);
    box-shadow: 0 24px 64px rgb(0 0 0 / 28%);
  }
  dialog[open] {
    display: grid;
    gap: 16px;
  }
  dialog::backdrop {
    background: rgb(8 16 12 / 45%);
  }
  h2 {
    font-size: 1.15rem;
    font-weight: 650;
  }
  ul {
    display: grid;
    gap: 6px;
    max-height: 40vh;
    overflow-y: auto;
    list-style: none;
  }
  li {
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding: 4px 4px 4px 14px;
    border-radius: 12px;
    background: var(--soft);
  }
  li.bad {
    background: var(--bad-ground);
    color: var(--bad-text);
  }
  li button {
    min-height: 36px;
    width: 36px;
    padding: 0;
    border-color: transparent;
    background: transparent;
    color: inherit;
  }
  .empty {
    padding: 14px;
    border-radius: 12px;
    background: var(--warning-ground);
    color: var(--warning-text);
    text-align: center;
    font-size: 0.9rem;
  }
  .buttons {
    display: flex;
    justify-content: flex-end;
    gap: 10px;
  }
`
