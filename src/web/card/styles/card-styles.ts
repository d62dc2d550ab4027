import { css } from 'lit'

/** How the card itself is laid out. */
export const cardStyles = css`
  :host {
    display: block;
    width: 100%;
    max-width: 460px;
    --edge: clamp(16px, 5%, 24px);
  }
  .card {
    /* What the page sets for its own texts ends here; what it hides or puts out of reach stays so. */
    all: initial;
    color-scheme: inherit;
    visibility: inherit;
    pointer-events: inherit;
    display: block;
    box-sizing: border-box;
    font: var(--whatsapp-card-font-size, medium) / 1.5 var(--font);
    --whatsapp-card-rem: 1em;
    overflow-wrap: anywhere;
    -webkit-user-select: text;
    user-select: text;
    -webkit-text-size-adjust: 100%;
    text-size-adjust: 100%;
    color: var(--text);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--ground);
    box-shadow: var(--shadow);
  }
  .card > * {
    /* The side of the card: each text has a direction of its own (plaintext). */
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }
  header,
  .section-head,
  .rows li,
  .accounts li,
  .waiting,
  .field {
    display: flex;
    align-items: center;
    gap: 14px;
  }
  header,
  li,
  .section-head {
    flex-wrap: wrap;
  }
  header {
    padding: 22px var(--edge) 18px;
  }
  .logo {
    flex: none;
    display: grid;
    place-items: center;
    width: 44px;
    height: 44px;
    border-radius: 13px;
  }
  .title,
  .who {
    flex: 1;
    min-width: 120px;
    overflow-wrap: anywhere;
  }
  h2 {
    font-size: 1.15rem;
    line-height: 1.3;
    font-weight: 650;
  }
  .subtitle {
    font-size: 0.875rem;
    line-height: 1.35;
    color: var(--muted);
  }
  .body,
  .status,
  .group,
  .settings,
  .entries,
  .rows,
  .accounts,
  .steps,
  section {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
    min-width: 0;
  }
  .body {
    gap: 18px;
    padding: 0 var(--edge) 24px;
  }
  .status:has(> .visually-hidden:only-child) {
    position: absolute;
  }
  .place,
  code {
    overflow-wrap: anywhere;
    font:
      0.8rem ui-monospace,
      Menlo,
      Consolas,
      monospace;
  }
  section,
  details {
    padding-top: 18px;
    border-top: 1px solid var(--line);
  }
  summary {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 14px;
    cursor: pointer;
    unicode-bidi: isolate;
    border-radius: 6px;
    list-style: none;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary::after {
    content: '';
    flex: none;
    width: 8px;
    height: 8px;
    margin: -4px 4px 0;
    border: solid var(--muted);
    border-width: 0 2px 2px 0;
    transform: rotate(45deg);
  }
  [open] > summary::after {
    margin-top: 6px;
    transform: rotate(225deg);
  }
  .note summary {
    font-size: inherit;
  }
  .note summary::after {
    content: none;
  }
  details > div {
    margin-top: 14px;
  }
  .section-head {
    justify-content: space-between;
  }
  .section-head .quiet {
    margin: -6px -4px;
    padding: 6px 4px;
    text-align: inherit;
  }
  .rows .who {
    font-size: 0.9rem;
    line-height: 1.45;
  }
  dt {
    color: var(--muted);
  }
  dd {
    margin: 0;
  }
`
