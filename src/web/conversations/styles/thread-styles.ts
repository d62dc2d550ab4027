import { css } from 'lit'

/** The open conversation: header, messages, details and the box to answer in. */
export const threadStyles = css`
  .thread-pane.none {
    display: grid;
    align-content: center;
    justify-items: center;
    gap: 6px;
    padding: 24px;
    text-align: center;
  }
  .thread-pane.none p {
    text-align: center;
    max-width: 36ch;
  }
  .thread-head {
    flex: none;
    display: grid;
    gap: 8px;
    padding: 10px 14px;
    border-block-end: 1px solid var(--line);
  }
  .person-line,
  .assistant {
    display: flex;
    align-items: center;
    gap: 10px;
    min-width: 0;
  }
  .person-line .title {
    flex: 1;
    min-width: 0;
  }
  .person-line .menu > button {
    width: 42px;
  }
  .assistant {
    flex-wrap: wrap;
    justify-content: space-between;
  }
  .assistant p {
    flex: 1 1 14em;
    min-width: 0;
  }
  .assistant.waiting,
  .assistant.paused {
    padding: 8px 10px;
    border-radius: 11px;
    background: color-mix(in srgb, var(--warning) 11%, var(--ground));
  }
  .toggle {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    font-size: 0.9rem;
  }
  .arrow {
    font-size: 1.6rem;
    line-height: 1;
  }
  :dir(rtl) > .arrow {
    transform: scaleX(-1);
  }
  .messages {
    padding: 12px 14px;
  }
  .thread {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
  }
  .day {
    justify-self: center;
    padding: 2px 12px;
    border-radius: 99px;
    background: var(--soft);
    color: var(--muted);
    font-size: 0.8rem;
  }
  .message {
    display: flex;
    min-width: 0;
    border-radius: 14px;
  }
  .message.assistant,
  .message.owner {
    justify-content: end;
    padding: 0;
    background: none;
  }
  .message.notice {
    justify-content: center;
  }
  .bubble {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 4px;
    max-width: min(34rem, 86%);
    padding: 7px 11px;
    border: 1px solid var(--line);
    border-radius: 14px;
    background: var(--soft);
  }
  .assistant > .bubble {
    background: color-mix(in srgb, var(--accent) 13%, var(--ground));
  }
  .owner > .bubble {
    background: color-mix(in srgb, var(--busy) 13%, var(--ground));
  }
  .notice > .bubble {
    border-style: dashed;
    background: none;
  }
  .from {
    font-weight: 620;
    color: var(--muted);
  }
  .text {
    min-width: 0;
    unicode-bidi: isolate;
    white-space: pre-wrap;
  }
  .line {
    display: block;
    min-height: 1lh;
    text-align: start;
    unicode-bidi: plaintext;
  }
  .line.quoted {
    padding-inline-start: 8px;
    border-inline-start: 3px solid var(--line-strong);
  }
  .line.item {
    display: flex;
    gap: 6px;
  }
  code.block {
    display: block;
    padding: 8px;
    border-radius: 8px;
    background: var(--ground);
  }
  a {
    color: inherit;
    text-decoration: underline;
  }
  .quote {
    display: grid;
    gap: 0;
    justify-content: start;
    justify-items: start;
    width: 100%;
    min-height: 0;
    padding: 5px 10px;
    border: 0;
    border-inline-start: 3px solid var(--accent);
    border-radius: 8px;
    background: color-mix(in srgb, var(--text) 6%, transparent);
    font-size: 0.875rem;
    font-weight: 400;
    text-align: start;
  }
  .draft-quote {
    display: flex;
    align-items: center;
    justify-content: space-between;
  }
  .detail {
    display: grid;
    padding: 7px 10px;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--ground);
  }
  .file {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    min-width: 0;
  }
  .picture {
    display: block;
    width: 260px;
    max-width: 100%;
    height: 200px;
    border-radius: 10px;
    background: var(--ground);
    object-fit: contain;
  }
  .sticker .picture {
    width: 130px;
    height: 130px;
    background: none;
  }
  audio {
    width: 260px;
    max-width: 100%;
  }
  .transcript {
    padding-inline-start: 8px;
    border-inline-start: 3px solid var(--line);
  }
  .reactions {
    justify-self: start;
    padding: 0 8px;
    border: 1px solid var(--line);
    border-radius: 99px;
    background: var(--ground);
  }
  .meta {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: end;
    gap: 8px;
  }
  .meta .more {
    width: 28px;
    min-height: 28px;
    color: var(--muted);
  }
  .tick.read {
    color: var(--busy);
  }
  .tick.failed,
  .failure {
    color: var(--bad);
  }
  .message-actions > * {
    flex: 0 1 auto;
  }
  .emoji {
    min-width: 40px;
    font-size: 1.1rem !important;
  }
  .emoji.chosen {
    border-color: var(--accent);
  }
  .pill {
    flex: none;
    display: flex;
    justify-content: center;
    padding: 6px;
  }
  .contact {
    flex: none;
    display: grid;
    gap: 10px;
    max-height: 50%;
    overflow-y: auto;
    padding: 12px 14px;
    border-block-end: 1px solid var(--line);
  }
  .contact-field {
    display: grid;
    gap: 3px;
  }
  .composer {
    flex: none;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
    padding: 10px 14px;
    border-block-start: 1px solid var(--line);
  }
  .composer-row {
    display: flex;
    align-items: end;
    gap: 8px;
  }
  .composer-row button {
    flex: none;
    min-height: 42px;
  }
  #reply {
    max-height: 9em;
  }
  .template {
    display: grid;
    gap: 10px;
    max-height: min(24rem, 50vh);
    overflow-y: auto;
    /* The button stays below what is scrolled. */
    scroll-padding-block-end: 64px;
    padding: 10px 12px;
    border: 1px solid var(--line);
    border-radius: 12px;
  }
  .template-head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .template-head h3 {
    flex: 1;
    min-width: 0;
  }
  .template-list {
    display: grid;
    gap: 6px;
  }
  .template-list button {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    justify-items: start;
    gap: 0;
    width: 100%;
    font-weight: 400;
    text-align: start;
  }
  .template-foot {
    position: sticky;
    inset-block-end: -10px;
    margin: 0 -12px -10px;
    padding: 8px 12px 10px;
    border-block-start: 1px solid var(--line);
    background: var(--ground);
  }
  .template-preview {
    display: grid;
    gap: 4px;
  }
  .choices {
    display: grid;
    gap: 4px;
  }
  .choice {
    display: grid;
    padding: 5px 10px;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--ground);
    text-align: center;
  }
  .draft-files {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .draft-files li {
    display: inline-flex;
    align-items: center;
    max-width: 100%;
    padding-inline-start: 10px;
    border: 1px solid var(--line);
    border-radius: 99px;
    font-size: 0.875rem;
  }
  @media (forced-colors: active) {
    .message.owner > .bubble,
    .message.assistant > .bubble {
      border-width: 2px;
    }
  }
`
