import { css } from 'lit'

/** A drawn phone. */
export const phoneStyles = css`
  :host {
    display: block;
    width: 300px;
    max-width: 100%;
  }
  .caption {
    margin: 0 0 10px;
    text-align: center;
    font-size: 0.9rem;
    font-weight: 620;
  }
  .caption span {
    display: block;
    font-weight: 400;
    color: var(--muted);
  }
  .phone {
    display: flex;
    flex-direction: column;
    height: 580px;
    padding: 9px;
    border-radius: 42px;
    background: #10171a;
    box-shadow:
      0 0 0 1px #39464b,
      0 18px 44px rgb(10 25 20 / 26%);
  }
  .screen {
    flex: 1;
    display: flex;
    flex-direction: column;
    min-height: 0;
    overflow: hidden;
    border-radius: 33px;
    background: var(--ground);
  }
  .bar {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 15px 16px 11px;
    background: var(--good-ground);
    color: var(--good);
  }
  .bar .who {
    flex: 1;
    min-width: 0;
    line-height: 1.25;
  }
  .bar strong,
  .bar small {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .bar small {
    font-size: 0.78rem;
  }
  .avatar {
    flex: none;
    display: grid;
    place-items: center;
    width: 34px;
    height: 34px;
    border-radius: 50%;
    background: var(--good);
    color: var(--good-ground);
    font-size: 0.9rem;
    font-weight: 700;
  }
  .bar button {
    min-height: 34px;
    padding: 2px 8px;
    border-color: transparent;
    background: transparent;
    color: inherit;
    font-size: 1.2rem;
  }
  .content {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    padding: 16px;
  }
  .content > * + * {
    margin-top: 14px;
  }
  simulated-chat {
    flex: 1;
    min-height: 0;
  }
  .tabs {
    display: flex;
    border-top: 1px solid var(--line);
  }
  .tabs button {
    flex: 1;
    min-height: 46px;
    border: 0;
    border-radius: 0;
    padding: 8px 4px;
    background: transparent;
    font-size: 0.85rem;
    white-space: nowrap;
    color: var(--muted);
  }
  .tabs button[aria-pressed='true'] {
    color: var(--accent);
    box-shadow: inset 0 2px var(--accent);
  }
  .tabs :focus-visible {
    outline-offset: -3px;
  }
  .wide {
    width: 100%;
  }
  .list {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
    list-style: none;
  }
  .list button {
    width: 100%;
    justify-content: flex-start;
    text-align: start;
    border-color: transparent;
    padding: 8px;
  }
  .list .preview {
    min-width: 0;
    line-height: 1.3;
  }
  .list .preview span,
  .list .preview small {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .list .preview small {
    color: var(--muted);
    font-weight: 400;
  }
  .device {
    display: grid;
    gap: 10px;
    padding: 14px;
    border-radius: 14px;
    background: var(--soft);
    font-size: 0.9rem;
  }
  .device small {
    display: block;
    color: var(--muted);
  }
  .error {
    padding: 10px 13px;
    border-radius: 12px;
    background: var(--bad-ground);
    color: var(--bad);
    font-size: 0.875rem;
  }
  .code {
    display: grid;
    gap: 8px;
  }
  .code label {
    font-size: 0.875rem;
    font-weight: 550;
  }
`
