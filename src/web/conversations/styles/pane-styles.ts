import { css } from 'lit'

/** How the view is laid out: list and thread beside each other, or one of them where there is little room. */
export const paneStyles = css`
  :host {
    display: block;
    width: 100%;
    height: min(760px, 100dvh);
    container-type: inline-size;
  }
  .inbox {
    /* What the page sets for its own texts ends here; what it hides or puts out of reach stays so. */
    all: initial;
    color-scheme: inherit;
    visibility: inherit;
    pointer-events: inherit;
    display: flex;
    flex-direction: column;
    box-sizing: border-box;
    height: 100%;
    font: var(--whatsapp-card-font-size, medium) / 1.45 var(--font);
    --whatsapp-card-rem: 1em;
    overflow: hidden;
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
  .inbox * {
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }
  .notices {
    flex: none;
    display: grid;
    gap: 8px;
    padding: 12px 14px;
  }
  .notices:not(:has(> *)) {
    display: none;
  }
  .panes {
    flex: 1;
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(240px, 34%) minmax(0, 1fr);
    min-height: 0;
  }
  .list-side {
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
    border-inline-end: 1px solid var(--line);
  }
  .list-pane,
  .thread-pane {
    flex: 1;
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
    position: relative;
    /* Where texts are large, what does not fit is scrolled to. */
    overflow: hidden auto;
  }
  .scroller {
    flex: 1 0 0;
    min-height: min(14rem, 70%);
    overflow: hidden auto;
    overflow-anchor: none;
    overscroll-behavior: contain;
  }
  .scroller:focus-visible {
    outline-offset: -3px;
  }
  .back {
    display: none;
  }
  textarea {
    font: inherit;
    color: inherit;
    width: 100%;
    min-width: 0;
    min-height: 42px;
    padding: 8px 14px;
    border: 1px solid var(--line-strong);
    border-radius: 12px;
    background: var(--ground);
    resize: none;
  }
  .waiting {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 10px 14px;
  }
  .spinner {
    flex: none;
    width: 18px;
    height: 18px;
    border: 2px solid var(--line);
    border-top-color: var(--accent);
    border-radius: 50%;
    animation: turn 0.9s linear infinite;
  }
  @keyframes turn {
    to {
      transform: rotate(1turn);
    }
  }
  .avatar {
    flex: none;
    display: grid;
    place-items: center;
    width: 42px;
    height: 42px;
    border-radius: 50%;
    background: var(--soft);
    color: var(--muted);
    font-weight: 650;
    line-height: 1;
  }
  .avatar.group {
    border-radius: 12px;
  }
  .clamped {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .attempt {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 10px;
  }
  @container (max-width: 640px) {
    .panes {
      grid-template-columns: minmax(0, 1fr);
    }
    .list-side {
      border: 0;
    }
    .opened .list-side,
    .inbox:not(.opened) .thread-pane {
      display: none;
    }
    .back {
      display: block;
    }
  }
  @container (max-width: 420px) {
    .thread-head .avatar {
      display: none;
    }
  }
`
