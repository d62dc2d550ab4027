import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from './button.ts'
import type { ControlFrame } from './control-frame.ts'
import { moreIcon } from '../icons.ts'
import { onKey } from '../keyboard/on-key.ts'

/** The key of the open menu in `ui.asking`: a question takes its place. */
const KEY = 'menu'

export interface MenuItem {
  label: string
  run: () => unknown
}

/** A button that shows further actions below it. Escape, a click elsewhere and what is chosen close them and give the focus back. */
export function renderMenu(
  { ui, set, disabled }: ControlFrame,
  name: string,
  items: readonly MenuItem[],
): TemplateResult {
  const isOpen = ui.asking === KEY
  const close = (): void => set({ asking: null, focus: `#ask-${KEY}` })
  const open = (): void => set({ asking: KEY, focus: '#menu-items button' })
  return html`<div class="menu" @keydown=${isOpen ? onKey('Escape', close) : null}>
    <button
      type="button"
      part="button icon"
      class="icon"
      id="ask-${KEY}"
      aria-label=${name}
      aria-expanded=${isOpen}
      aria-controls="menu-items"
      @click=${isOpen ? close : open}
    >
      ${moreIcon}
    </button>
    <div
      id="menu-items"
      ?hidden=${!isOpen}
      @click=${({ target, currentTarget }: Event) => target === currentTarget && close()}
    >
      ${items.map(({ label, run }) => {
        const choose = (): void => {
          close()
          run()
        }
        return button(label, choose, { kind: 'quiet', disabled })
      })}
    </div>
  </div>`
}
