import { css } from 'lit'

/** How the card itself is laid out. */
export const cardStyles = css`
  :host {
    display: block;
    width: 100%;
    max-width: 460px;
    font-family: var(--font);
    font-size: 1rem;
    line-height: 1.5;
    color: var(--text);
    text-align: start;
  }
  :host([hidden]) {
    display: none;
  }
  .card {
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--ground);
    box-shadow: var(--shadow);
  }
  header {
    display: flex;
    align-items: center;
    gap: 14px;
    padding: 22px 24px 18px;
  }
  .logo {
    flex: none;
    display: grid;
    place-items: center;
    width: 44px;
    height: 44px;
    border-radius: 13px;
    background: var(--good-ground);
    color: var(--good-text);
  }
  header .title {
    flex: 1;
    min-width: 0;
  }
  h2 {
    font-size: 1.15rem;
    line-height: 1.3;
    font-weight: 650;
  }
  header .subtitle {
    overflow-wrap: anywhere;
    line-height: 1.35;
    font-size: 0.875rem;
    color: var(--muted);
  }
  h3 {
    font-size: 0.95rem;
    font-weight: 620;
  }
  .badge {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    flex: none;
    padding: 4px 11px 4px 9px;
    border-radius: 99px;
    font-size: 0.825rem;
    font-weight: 600;
    white-space: nowrap;
  }
  .badge::before {
    content: '';
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: currentcolor;
  }
  .badge.busy::before {
    animation: pulse 1.4s ease-in-out infinite;
  }
  @keyframes pulse {
    50% {
      opacity: 0.25;
    }
  }
  .good {
    background: var(--good-ground);
    color: var(--good-text);
  }
  .busy {
    background: var(--busy-ground);
    color: var(--busy-text);
  }
  .warning {
    background: var(--warning-ground);
    color: var(--warning-text);
  }
  .bad {
    background: var(--bad-ground);
    color: var(--bad-text);
  }
  .idle {
    background: var(--idle-ground);
    color: var(--idle-text);
  }
  .body {
    display: grid;
    gap: 18px;
    padding: 0 24px 24px;
  }
  .status {
    display: grid;
    gap: 10px;
  }
  .status:has(> .visually-hidden:only-child) {
    position: absolute;
  }
  .note {
    display: grid;
    gap: 4px;
    padding: 13px 15px;
    border-radius: 13px;
    font-size: 0.9rem;
    line-height: 1.5;
  }
  .note strong {
    font-weight: 640;
  }
  .note .place {
    overflow-wrap: anywhere;
    font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace;
    font-size: 0.8rem;
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
  section {
    display: grid;
    gap: 12px;
    padding-top: 18px;
    border-top: 1px solid var(--line);
  }
  .section-head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
  }
  .section-head .quiet {
    font-size: 0.9rem;
    margin: -6px -10px -6px 0;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    list-style: none;
  }
  .chip {
    padding: 5px 12px;
    border-radius: 99px;
    background: var(--soft);
    font-size: 0.9rem;
  }
  .rows {
    display: grid;
    gap: 10px;
    list-style: none;
  }
  .rows li {
    display: flex;
    align-items: center;
    gap: 10px;
  }
  .rows .quiet {
    color: var(--muted);
  }
  .rows .who {
    flex: 1;
    min-width: 0;
    font-size: 0.9rem;
    line-height: 1.45;
  }
  .identity {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 6px 16px;
    margin: 0;
    padding: 15px 16px;
    border-radius: 13px;
    background: var(--soft);
    font-size: 0.9rem;
  }
  .identity dt {
    color: var(--muted);
  }
  .identity dd {
    margin: 0;
    text-align: end;
    overflow-wrap: anywhere;
    font-weight: 550;
  }
  .switch-row {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 16px;
  }
  .steps {
    display: grid;
    gap: 8px;
    list-style: none;
    counter-reset: step;
    font-size: 0.925rem;
  }
  .steps li {
    display: grid;
    grid-template-columns: 24px 1fr;
    gap: 11px;
    counter-increment: step;
  }
  .steps li::before {
    content: counter(step);
    display: grid;
    place-items: center;
    width: 24px;
    height: 24px;
    border-radius: 50%;
    background: var(--soft);
    color: var(--muted);
    font-size: 0.8rem;
    font-weight: 650;
  }
  .spinner {
    width: 22px;
    height: 22px;
    border: 3px solid var(--line);
    border-top-color: var(--accent);
    border-radius: 50%;
    animation: turn 0.9s linear infinite;
  }
  @keyframes turn {
    to {
      transform: rotate(1turn);
    }
  }
  .waiting {
    display: flex;
    align-items: center;
    gap: 14px;
    padding: 6px 0;
    color: var(--muted);
  }
  @media (max-width: 400px) {
    header {
      padding: 18px 16px 14px;
    }
    .body {
      padding: 0 16px 18px;
    }
  }
`
