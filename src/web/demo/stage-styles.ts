import { css } from 'lit'

/** The demo's stage: hints on top, the card left, the phones right. */
export const stageStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 460px) auto;
    justify-content: center;
    align-items: start;
    gap: 28px 44px;
    max-width: 1240px;
    margin: 0 auto;
  }
  .hints {
    grid-column: 1 / -1;
    display: grid;
    grid-template-columns: repeat(3, minmax(0, 1fr));
    gap: 12px;
    list-style: none;
  }
  .hints li {
    display: flex;
    align-items: center;
    gap: 13px;
    padding: 13px 17px;
    border: 1px solid var(--line);
    border-radius: 15px;
    background: var(--ground);
    line-height: 1.3;
  }
  .hints .mark {
    flex: none;
    display: grid;
    place-items: center;
    width: 30px;
    height: 30px;
    border-radius: 50%;
    background: var(--soft);
    font-weight: 650;
  }
  .hints strong,
  .hints small {
    display: block;
  }
  .hints strong {
    font-weight: 620;
  }
  .hints small {
    color: var(--muted);
  }
  .hints .now {
    border-color: var(--accent);
    box-shadow: 0 0 0 1px var(--accent);
  }
  .hints .now .mark {
    background: var(--accent);
    color: var(--on-accent);
  }
  .hints .done .mark {
    background: var(--good-ground);
    color: var(--good);
  }
  .phones {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 28px;
  }
  .contact {
    width: 300px;
    max-width: 100%;
  }
  .people {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 6px;
    margin-top: 14px;
  }
  .people button[aria-pressed='true'] {
    border-color: var(--accent);
    color: var(--accent);
  }
  @media (max-width: 1140px) {
    :host {
      grid-template-columns: minmax(0, 640px);
      justify-items: center;
    }
    .hints {
      width: 100%;
    }
  }
  @media (max-width: 620px) {
    .hints {
      grid-template-columns: 1fr;
      gap: 8px;
    }
  }
`
