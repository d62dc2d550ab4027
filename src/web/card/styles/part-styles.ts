import { css } from 'lit'

/** Settings, steps, codes and the dialog inside the card. */
export const partStyles = css`
  .attention {
    padding: 13px 15px;
    border: 1px solid color-mix(in srgb, var(--warning) 45%, var(--ground));
    border-radius: 13px;
  }
  .attention h3 {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .count {
    flex: none;
    min-width: 1.6em;
    padding: 0 0.45em;
    border-radius: 99px;
    background: var(--warning);
    color: var(--ground);
    font-size: 0.8rem;
    line-height: 1.6;
    text-align: center;
  }
  .attention li + li {
    padding-top: 12px;
    border-top: 1px solid var(--line);
  }
  .reply .who {
    flex-basis: 100%;
  }
  .person {
    display: grid;
    align-content: start;
    min-width: 0;
  }
  .person .muted {
    display: flex;
    flex-wrap: wrap;
    column-gap: 8px;
    font-size: 0.825rem;
    font-weight: 400;
  }
  .name {
    overflow-wrap: anywhere;
  }
  .name,
  .clamped {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .field {
    flex-wrap: wrap;
  }
  .field label {
    flex: 1 1 9em;
    min-width: 0;
    font-weight: 550;
  }
  .field :is(input, select) {
    flex: 0 1 45%;
    min-width: min(9em, 100%);
    width: 45%;
    max-width: 100%;
  }
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
  }
  .country {
    color: var(--good);
    font-weight: 550;
  }
  .steps {
    gap: 8px;
    counter-reset: step;
    font-size: 0.925rem;
  }
  .steps li {
    display: flex;
    flex-wrap: nowrap;
    gap: 11px;
    counter-increment: step;
  }
  .steps li::before {
    content: counter(step);
    flex: none;
    width: 24px;
    height: 24px;
    border-radius: 50%;
    background: var(--soft);
    color: var(--muted);
    font-size: 0.8rem;
    font-weight: 650;
    line-height: 24px;
    text-align: center;
  }
  .offer {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    justify-items: center;
    gap: 10px;
    text-align: center;
    font-size: 0.9rem;
  }
  .frame {
    position: relative;
    width: min(100%, 288px);
    aspect-ratio: 1;
    border-radius: 16px;
    border: 1px solid var(--line);
    background: #fff;
    overflow: hidden;
    forced-color-adjust: none;
  }
  .frame.small {
    width: 180px;
  }
  .qr {
    display: block;
  }
  .expired .qr {
    opacity: 0.12;
    filter: blur(4px);
  }
  .over {
    position: absolute;
    inset: 0;
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 12px;
    color: #14201b;
    font-weight: 620;
  }
  .code {
    padding: 16px clamp(8px, 4vw, 22px);
    white-space: nowrap;
    border-radius: 14px;
    background: var(--soft);
    font:
      650 min(1.75rem, 9vw) / 1.2 ui-monospace,
      monospace;
    letter-spacing: 0.1em;
  }
  .code,
  .own-number bdi {
    -webkit-user-select: all;
    user-select: all;
  }
  .code.expired {
    color: var(--muted);
    text-decoration: line-through;
  }
  a {
    color: var(--accent);
  }
  .attempt {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
  }
  .waiting {
    padding: 6px 0;
    color: var(--muted);
  }
  .spinner {
    flex: none;
    width: 12px;
    height: 12px;
    border-radius: 50%;
    background: var(--accent);
    animation: pulse 1.4s infinite;
  }
  dialog {
    width: min(420px, calc(100vw - 32px));
    padding: clamp(14px, 5vw, 24px);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--ground);
    color: var(--text);
    box-shadow: 0 24px 64px #00000047;
  }
  /* No grid: WebKit stretches a modal grid to the height of the window. */
  dialog > * + * {
    margin-top: 16px;
  }
  ::backdrop {
    background: #08100c73;
  }
  .entries {
    gap: 6px;
    max-height: 40vh;
    overflow-y: auto;
  }
  .name-field {
    min-height: 30px;
    padding: 2px 8px;
    margin-inline-start: -9px;
    border-color: transparent;
    background: none;
    text-align: inherit;
    text-overflow: ellipsis;
  }
  .name-field:is(:hover, :focus) {
    border-color: var(--line-strong);
    background: var(--ground);
  }
  .entries .person {
    flex: 1 1 11em;
  }
  .entries .chip {
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding-inline-end: 4px;
    border-radius: 12px;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 10px;
  }
`
