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
`
