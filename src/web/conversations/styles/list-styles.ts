import { css } from 'lit'

/** The list of conversations, its search, and requests for access above it. */
export const listStyles = css`
  .account-choice,
  .search {
    padding: 12px 14px 0;
  }
  .filters {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    padding: 10px 14px;
  }
  .filters [aria-pressed='true'] {
    border-color: var(--accent);
    color: var(--accent);
  }
  .empty {
    padding: 12px 14px;
  }
  .status-line {
    padding: 6px 14px;
  }
  /* Every row has the same height, whatever is in it: what is not drawn is counted by it. */
  .chat {
    display: grid;
    grid-template: 1.45em 1.45em 1.6em / 42px minmax(0, 1fr) auto;
    column-gap: 12px;
    align-items: center;
    height: 5.6rem;
    padding: 0.5rem 14px;
    border-block-end: 1px solid var(--line);
    cursor: pointer;
    overflow: hidden;
  }
  .hits .chat {
    grid-template-rows: 1.45em 1.45em;
    height: 4.2rem;
  }
  .chat:hover {
    background: var(--soft);
  }
  .chat.open {
    background: color-mix(in srgb, var(--accent) 12%, var(--ground));
  }
  .scroller:focus-visible .chat.active {
    outline: 3px solid var(--accent);
    outline-offset: -3px;
  }
  .chat .avatar {
    grid-row: 1 / -1;
  }
  .chat .who {
    font-weight: 620;
  }
  .chat .who,
  .chat .preview,
  .chat .tags,
  .chat .time {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .chat .preview,
  .chat .time {
    font-size: 0.875rem;
  }
  .chat .tags {
    grid-column: 2 / -1;
    display: flex;
    gap: 6px;
    font-size: 0.78rem;
  }
  .tag {
    flex: none;
    padding: 0 7px;
    border-radius: 99px;
    line-height: 1.5;
  }
  .tag.idle {
    color: var(--muted);
  }
  .unread {
    justify-self: end;
    min-width: 1.6em;
    padding: 0 0.45em;
    border-radius: 99px;
    background: var(--accent);
    color: var(--on-accent);
    font-size: 0.8rem;
    font-weight: 650;
    line-height: 1.6;
    text-align: center;
  }
  mark {
    background: color-mix(in srgb, var(--warning) 28%, transparent);
    color: var(--text);
    border-radius: 3px;
  }
  .attention {
    flex: none;
    display: grid;
    gap: 10px;
    max-height: 45%;
    overflow-y: auto;
    margin: 12px 14px 0;
    padding: 12px 14px;
    border: 1px solid color-mix(in srgb, var(--warning) 45%, var(--ground));
    border-radius: 13px;
  }
  .attention .rows,
  .attention .row {
    gap: 10px;
  }
  .attention .rows {
    display: grid;
  }
  .attention li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 10px;
  }
  .attention li .who {
    flex: 1;
    min-width: 120px;
    font-size: 0.9rem;
  }
  .count {
    padding: 0 0.45em;
    border-radius: 99px;
    background: var(--warning);
    color: var(--ground);
    font-size: 0.8rem;
  }
  code {
    font:
      0.8rem ui-monospace,
      Menlo,
      Consolas,
      monospace;
  }
  @media (forced-colors: active) {
    .filters [aria-pressed='true'] {
      border-width: 3px;
    }
    .unread,
    .tag {
      border: 1px solid;
    }
    .chat.open {
      background: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }
    .chat.open .muted,
    .chat.open .tag {
      color: inherit;
      background: none !important;
    }
  }
`
