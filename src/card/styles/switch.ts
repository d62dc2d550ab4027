import { css } from 'lit'

/** A button with `role="switch"`. */
export const switchStyles = css`
  button.switch {
    position: relative;
    flex: none;
    width: 50px;
    min-height: 30px;
    padding: 0;
    border: 1px solid var(--line-strong);
    border-radius: 99px;
    background: var(--idle-ground);
  }
  button.switch::after {
    content: '';
    position: absolute;
    inset-block: 4px;
    inset-inline-start: 4px;
    width: 20px;
    border-radius: 50%;
    background: var(--line-strong);
    transition: translate 140ms;
  }
  button.switch[aria-checked='true'] {
    border-color: var(--accent);
    background: var(--accent);
  }
  button.switch[aria-checked='true']::after {
    background: var(--on-accent);
    translate: 20px 0;
  }
`
