import { css } from 'lit'
import { switchStyles } from '../../elements/styles/switch-styles.ts'

/** Identity, activity, numbers, settings with their switches, the list of accounts, and the dialog. */
export const accountStyles = css`
  ${switchStyles}
  .chips {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(11.5rem, 100%), 1fr));
    gap: 8px;
  }
  .chips > li {
    display: flex;
  }
  .chips button {
    flex: 1;
  }
  .chip {
    min-width: 0;
    padding: 6px 12px;
    border: 1px solid transparent;
    border-radius: 12px;
    background: var(--soft);
    font-size: 0.9rem;
  }
  .accounts {
    gap: 6px;
  }
  .accounts li {
    gap: 6px;
    padding: 0 8px 0 0;
    border: 1px solid var(--line);
    border-radius: 13px;
  }
  .accounts .chosen {
    border: 2px solid var(--accent);
  }
  .accounts .who {
    display: block;
    min-width: 5em;
    border: 0;
    background: none;
    text-align: inherit;
    line-height: 1.35;
  }
  .accounts .who span {
    display: flex;
    flex-wrap: wrap;
    column-gap: 10px;
    font-weight: 400;
  }
  .accounts .row {
    margin-inline-start: auto;
  }
  .accounts .ask {
    margin: 0 0 8px 8px;
  }
  .group h3 {
    color: var(--muted);
    font-size: 0.825rem;
  }
  .hero {
    display: flex;
    align-items: center;
    gap: 14px;
  }
  .avatar {
    flex: none;
    display: grid;
    place-items: center;
    width: 52px;
    height: 52px;
    border-radius: 50%;
    background: var(--accent);
    color: var(--on-accent);
    font-size: 1.35rem;
    font-weight: 600;
    line-height: 1;
  }
  .hero dl {
    flex: 1;
    min-width: 0;
    margin: 0;
    line-height: 1.4;
  }
  .hero dd {
    overflow-wrap: anywhere;
  }
  .hero .small-print > * {
    display: inline;
  }
  .own-number {
    display: grid;
    grid-template-columns: auto 1fr;
    align-items: center;
    justify-items: start;
    gap: 0 4px;
    font-size: min(1.15rem, 5vw);
    font-weight: 650;
  }
  .own-number [role='status'] {
    grid-column: 1 / 3;
  }
  bdi.number.grouped {
    white-space: normal;
  }
  .grouped span {
    display: inline-block;
    white-space: nowrap;
  }
  .grouped span:not(:last-child) {
    margin-right: 0.3em;
  }
  .life {
    padding: 0;
    border: 0;
  }
  .life dl {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 10px;
    margin: 0;
    padding: 12px 15px;
    border-radius: 13px;
    background: var(--soft);
  }
  .life dt {
    font-size: 0.8rem;
    line-height: 1.3;
  }
  .life dd {
    font-weight: 620;
    overflow-wrap: anywhere;
  }
  .warned {
    color: var(--bad);
  }
  .past {
    color: var(--muted);
  }
  .past .avatar {
    background: var(--soft);
    color: inherit;
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
  .attention li + li {
    padding-top: 12px;
    border-top: 1px solid var(--line);
  }
  .reply .who {
    flex-basis: 100%;
  }
  .switch-row {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 14px;
  }
  .switch-row > div {
    flex: 1;
    min-width: 0;
  }
`
