import { css } from 'lit'

/** Tones, badges, notes, questions and field forms: what the files of this folder draw. */
export const elementStyles = css`
  .good,
  .busy,
  .warning,
  .bad,
  .idle {
    border-color: transparent;
    background: color-mix(in srgb, currentcolor 13%, var(--ground)) !important;
  }
  .good {
    color: var(--good);
  }
  .busy {
    color: var(--busy);
  }
  .warning {
    color: var(--warning);
  }
  .bad {
    color: var(--bad);
  }
  .idle {
    color: var(--muted);
  }
  .badge {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    flex: 0 1 auto;
    padding: 3px 11px 3px 9px;
    border: 1px solid transparent;
    border-radius: 99px;
    font-size: 0.825rem;
    font-weight: 600;
  }
  .badge::before {
    content: '';
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: currentcolor;
    forced-color-adjust: none;
  }
  .badge.busy::before {
    animation: pulse 1.4s ease-in-out infinite;
  }
  @keyframes pulse {
    50% {
      opacity: 0.25;
    }
  }
  h3,
  summary,
  label {
    font-size: 0.95rem;
    font-weight: 620;
  }
  .note,
  .ask {
    padding: 13px 15px;
    border: 1px solid transparent;
    border-radius: 13px;
    font-size: 0.9rem;
  }
  .note {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 4px;
    overflow-wrap: anywhere;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
  }
  .actions > * {
    flex: 1 1 auto;
  }
  .actions > .quiet {
    flex-basis: 100%;
  }
  /* Nothing has to be done: it stands back. */
  .actions > .quiet:first-child {
    flex: 0 1 auto;
    margin-inline: -12px auto;
    color: var(--muted);
  }
  .actions > .menu {
    flex: none;
  }
  .menu {
    position: relative;
  }
  .menu > button {
    width: 42px;
    min-height: 42px;
    border-color: var(--line);
  }
  #menu-items {
    position: absolute;
    z-index: 1;
    inset-block-start: calc(100% + 6px);
    inset-inline-end: 0;
    display: grid;
    min-width: 160px;
    padding: 6px;
    border: 1px solid var(--line);
    border-radius: 12px;
    background: var(--ground);
    box-shadow: 0 8px 28px #0004;
  }
  /* All around the open menu: a click there closes it. */
  #menu-items::before {
    content: '';
    position: fixed;
    inset: 0;
    z-index: -1;
  }
  #menu-items button {
    justify-content: start;
    color: inherit;
  }
  .ask {
    flex-basis: 100%;
    background: var(--soft);
  }
  .ask,
  .form {
    display: grid;
    gap: 12px;
    min-width: 0;
  }
  .form {
    gap: 6px;
  }
  .row {
    display: flex;
    align-items: center;
    gap: 8px;
    flex-wrap: wrap;
  }
  .row input {
    flex: 1 1 9em;
  }
  .row button {
    flex: 0 1 auto;
  }
  .row [role='status'] {
    flex-basis: 100%;
  }
  [role='status']:empty {
    display: none;
  }
`
