import { setTimeout as delay } from 'node:timers/promises'
import { focusedName } from '../keyboard.ts'
import { WebKitDriver } from './webkit-driver.ts'

const WAIT_MS = 45_000
const POLL_MS = 25
const MAX_TABS = 60

/** Code points of keys that are no characters, as WebDriver numbers them. */
const KEYS = { Control: '\uE009', Enter: '\uE007', Escape: '\uE00C', Tab: '\uE004' } as const

/** A page in WebKitGTK, and what a person does there with a mouse and a keyboard. Shadow roots are looked through. */
export class WebKitPage {
  readonly #driver = new WebKitDriver()

  /** The caller closes it, also when this rejects. */
  async open(): Promise<void> {
    await this.#driver.start()
  }

  async goto(url: string): Promise<void> {
    await this.#driver.send('POST', '/url', { url })
  }

  /** Runs a function that uses nothing of the test's own in the page, and answers with what it returns. */
  evaluate<Argument, Result>(run: (argument: Argument) => Result, argument: Argument): Promise<Result> {
    const script = `return (${String(run)}).apply(null, arguments)`
    return this.#driver.send('POST', '/execute/sync', { script, args: [argument] })
  }

  /** What an expression of the page resolves with. */
  evaluateLater<Result>(expression: string): Promise<Result> {
    const script = `const [done] = arguments; ${expression}.then(done)`
    return this.#driver.send('POST', '/execute/async', { script, args: [] })
  }

  /** Runs a script in the page. */
  async run(script: string): Promise<void> {
    await this.#driver.send('POST', '/execute/sync', { script, args: [] })
  }

  /** Resolves when `text` is shown somewhere. */
  async waitForText(text: string): Promise<void> {
    await this.#until(`the text "${text}"`, () => this.evaluate(isShown, text))
  }

  /** Resolves when `text` is shown nowhere. */
  async waitForTextGone(text: string): Promise<void> {
    await this.#until(`the text "${text}" gone`, async () => !(await this.evaluate(isShown, text)))
  }

  /** Clicks the control with this accessible name, once there is one. */
  async click(name: string): Promise<void> {
    let center: [number, number] | null = null
    await this.#until(`a control "${name}"`, async () => {
      center = await this.evaluate(centerOf, name)
      return center !== null
    })
    await this.clickAt(center ?? [0, 0])
  }

  /** Of the viewport, in CSS pixels. */
  async clickAt([x, y]: [number, number]): Promise<void> {
    const actions = [
      { type: 'pointerMove', x, y, origin: 'viewport', duration: 0 },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ]
    await this.#driver.send('POST', '/actions', { actions: [{ type: 'pointer', id: 'mouse', actions }] })
  }

  /** Types into what has the focus. */
  async type(text: string): Promise<void> {
    const actions = text.split('').flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ])
    await this.#driver.send('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] })
  }

  press(key: keyof typeof KEYS): Promise<void> {
    return this.type(KEYS[key])
  }

  copy(): Promise<void> {
    return this.#pressWithControl('c')
  }

  paste(): Promise<void> {
    return this.#pressWithControl('v')
  }

  /** Presses Tab until the control with this accessible name has the focus. */
  async tabTo(name: string): Promise<void> {
    for (let tabs = 0; tabs < MAX_TABS; tabs++) {
      if ((await this.evaluate(focusedName, null)) === name) return
      await this.press('Tab')
    }
    throw new Error(`no way by Tab to "${name}"`)
  }

  /** Resolves when the control with this accessible name has the focus. */
  async waitForFocus(name: string): Promise<void> {
    await this.#until(`the focus on "${name}"`, async () => (await this.evaluate(focusedName, null)) === name)
  }

  async close(): Promise<void> {
    await this.#driver.stop()
  }

  async #pressWithControl(key: string): Promise<void> {
    const actions = [
      { type: 'keyDown', value: KEYS.Control },
      { type: 'keyDown', value: key },
      { type: 'keyUp', value: key },
      { type: 'keyUp', value: KEYS.Control },
    ]
    await this.#driver.send('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] })
  }

  async #until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + WAIT_MS
    while (!(await isTrue())) {
      if (Date.now() > deadline) throw new Error(`not within ${WAIT_MS} ms: ${what}`)
      await delay(POLL_MS)
    }
  }
}

function isShown(text: string): boolean {
  const seek = (root: Document | ShadowRoot): boolean =>
    [...root.querySelectorAll<HTMLElement>('*')].some(
      (element) =>
        (element.shadowRoot !== null && seek(element.shadowRoot)) ||
        ((element.innerText ?? '').includes(text) && element.checkVisibility()),
    )
  return seek(document)
}

/** Where to click on the control of this name, scrolled into view; `null` while it cannot be used. */
function centerOf(name: string): [number, number] | null {
  const seek = (root: Document | ShadowRoot): HTMLElement | null => {
    for (const element of root.querySelectorAll<HTMLElement>('*')) {
      if (element.shadowRoot !== null) {
        const found = seek(element.shadowRoot)
        if (found !== null) return found
      }
      if (!element.matches('a, button, input, select, summary, [role=button]')) continue
      const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : []
      const own = element.ariaLabel ?? labels[0]?.textContent ?? element.textContent
      if (own.trim().replaceAll(/\s+/g, ' ') !== name) continue
      if (element.checkVisibility() && !element.matches(':disabled')) return element
    }
    return null
  }
  const control = seek(document)
  if (control === null) return null
  control.scrollIntoView({ block: 'nearest' })
  const { x, y, width, height } = control.getBoundingClientRect()
  return [Math.round(x + width / 2), Math.round(y + height / 2)]
}
