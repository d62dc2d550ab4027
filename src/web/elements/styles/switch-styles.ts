import { css } from 'lit'

/** A switch, of whichever element. */
export const switchStyles = css`
  .switch {
    position: relative;
    flex: none;
    width: 50px;
    min-height: 30px;
    border-color: var(--line-strong);
    border-radius: 99px;
    background: var(--soft);
    forced-color-adjust: none;
  }
  .switch::after {
    content: '';
    position: absolute;
    inset-block: 4px;
    inset-inline-start: 4px;
    width: 20px;
    border-radius: 50%;
    background: var(--line-strong);
    transition: inset-inline-start 140ms;
  }
  .switch[aria-checked='true'] {
    border-color: var(--accent);
    background: var(--accent) !important;
  }
  .switch[aria-checked='true']::after {
    inset-inline-start: 24px;
    background: var(--on-accent);
  }
`
