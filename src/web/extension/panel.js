/**
 * Takes the request of a whatsappd out of the address, removes it there, asks the person, and hands over the answer to be
 * copied. Sends nothing: the person carries the answer, so that nobody gets it whom they did not give it to.
 */
;(() => {
  const FRAGMENT = /^#whatsappd=(.*)$/s
  const LONGEST_REQUEST = 16_384
  const RELYING_PARTY = 'whatsapp.com'
  /** A host and its port: 253 characters and 6. */
  const DAEMON = /^[a-z0-9.:[\]_-]{1,260}$/i
  const VERSION = 1
  /** A clock that is wrong by so much is common. */
  const CLOCK_ERROR_MS = 300_000

  const STYLES = `
    :host { all: initial; position: fixed; inset: 16px 16px auto auto; z-index: 2147483647; max-width: calc(100vw - 32px); }
    section { box-sizing: border-box; width: 380px; max-width: 100%; padding: 20px; border-radius: 12px; background: #fff; color: #111b21;
      box-shadow: 0 4px 32px #0006; font: 15px/1.45 system-ui, sans-serif; overflow-wrap: anywhere; }
    h1 { margin: 0 0 8px; font-size: 17px; }
    p { margin: 0 0 12px; }
    .warning { padding: 8px 12px; border-left: 4px solid #b25d00; background: #fff4e5; }
    textarea { box-sizing: border-box; width: 100%; height: 72px; margin-bottom: 12px; font: 12px/1.3 monospace; }
    div { display: flex; flex-wrap: wrap; gap: 8px; }
    button { padding: 9px 16px; border: 1px solid #54656f; border-radius: 8px; background: #fff; color: #111b21; font: inherit; cursor: pointer; }
    button.primary { border-color: #0b6b4f; background: #0b6b4f; color: #fff; }
    button:focus-visible, textarea:focus-visible { outline: 3px solid #1b6ef3; outline-offset: 2px; }
    button:disabled { opacity: .6; cursor: default; }
    @media (prefers-color-scheme: dark) {
      section, button { background: #1f2c34; color: #e9edef; }
      .warning { background: #3d2c10; }
      button { border-color: #8696a0; }
      button.primary { border-color: #1fa97f; background: #1fa97f; color: #04120d; }
      textarea { background: #111b21; color: #e9edef; }
    }`

  let host = null

  const element = (tag, properties = {}, ...content) => {
    const made = Object.assign(document.createElement(tag), properties)
    made.append(...content)
    return made
  }

  const close = () => {
    host?.remove()
    host = null
  }

  /** A click of a person, not of a script of the page. */
  const button = (label, act, primary = false) =>
    element('button', {
      type: 'button',
      className: primary ? 'primary' : '',
      textContent: label,
      onclick: (event) => event.isTrusted && act(event.currentTarget),
    })

  const show = (title, content, buttons) => {
    if (host === null) {
      host = element('whatsappd-passkey')
      document.documentElement.append(host)
      host.attachShadow({ mode: 'open' })
    }
    const section = element(
      'section',
      { role: 'dialog', ariaLabel: title },
      element('h1', { textContent: title }),
      ...content,
      element('div', {}, ...buttons),
    )
    // Firefox lets no content script set `adoptedStyleSheets`, and takes a style from one only as `textContent`.
    host.shadowRoot.replaceChildren(element('style', { textContent: STYLES }), section)
    section.querySelector('button')?.focus()
  }

  const paragraph = (text, properties = {}) => element('p', { textContent: text, ...properties })

  const refuse = (reason) => show('Nothing was signed', [paragraph(reason)], [button('Close', close, true)])

  /** What there is to sign, or why it is not signed. */
  const readRequest = (encoded) => {
    if (encoded.length > LONGEST_REQUEST) throw new Error('The address is too long.')
    let request
    try {
      const bytes = Uint8Array.from(atob(encoded.replaceAll('-', '+').replaceAll('_', '/')), (each) =>
        each.charCodeAt(0),
      )
      request = JSON.parse(new TextDecoder().decode(bytes))
    } catch {
      throw new Error('The address is damaged. Press “Open WhatsApp Web” once more.')
    }
    const { v, options, daemon, expiresAt } = request ?? {}
    if (v !== VERSION) throw new Error('This whatsappd needs another version of the extension.')
    if (options?.rpId !== RELYING_PARTY || typeof options.challenge !== 'string')
      throw new Error('This is not a request for a passkey of WhatsApp.')
    if (typeof daemon !== 'string' || !DAEMON.test(daemon))
      throw new Error('The request does not say for which whatsappd it is.')
    if (!(Date.parse(expiresAt) + CLOCK_ERROR_MS > Date.now()))
      throw new Error('This request is over. Link again, and press “Open WhatsApp Web” once more.')
    return { options, daemon }
  }

  const ask = (request) => {
    const { daemon } = request
    const where = element('strong', { textContent: daemon })
    show(
      'Sign with your passkey?',
      [
        element(
          'p',
          {},
          'WhatsApp asks for the passkey of your account before it links the whatsappd on ',
          where,
          '.',
        ),
        paragraph(
          'Go on only if you have just begun to link this whatsappd yourself. Whoever gets the answer can link a device to your WhatsApp account.',
          { className: 'warning' },
        ),
      ],
      [button('Sign with passkey', () => sign(request), true), button('Cancel', close)],
    )
  }

  const sign = (request) => {
    show(
      'Sign with your passkey',
      [
        paragraph(
          'Do what the browser asks. If the passkey is on your phone, choose to use a phone or tablet.',
        ),
      ],
      [],
    )
    const onSigned = ({ detail }) => {
      const { signed, failure } = JSON.parse(detail)
      if (signed === undefined) showFailure(request, failure)
      else showAnswer(request, JSON.stringify(signed))
    }
    window.addEventListener('whatsappd-signed', onSigned, { once: true })
    window.dispatchEvent(new CustomEvent('whatsappd-sign', { detail: JSON.stringify(request.options) }))
  }

  const showFailure = (request, { name, message }) => {
    const reason =
      name === 'NotAllowedError'
        ? 'The browser did not sign: it was cancelled, it took too long, or this browser has no passkey of WhatsApp. A passkey on your phone works with Bluetooth: choose to use a phone or tablet.'
        : `The browser did not sign: ${message}`
    show(
      'Nothing was signed',
      [paragraph(reason)],
      [button('Try again', () => sign(request), true), button('Close', close)],
    )
  }

  const showAnswer = ({ daemon }, text) => {
    const field = element('textarea', { readOnly: true, value: text, ariaLabel: 'The answer' })
    const copy = async (pressed) => {
      try {
        await navigator.clipboard.writeText(text)
        pressed.textContent = 'Copied'
      } catch {
        field.select()
        pressed.textContent = 'Press Ctrl+C (on a Mac ⌘C)'
      }
    }
    show(
      'Signed',
      [
        paragraph(
          `Copy the answer, go back to the card of the whatsappd on ${daemon}, and paste it there. It works once.`,
        ),
        field,
      ],
      [button('Copy the answer', copy, true), button('Close', close)],
    )
  }

  const begin = () => {
    const [, encoded] = FRAGMENT.exec(location.hash) ?? []
    if (encoded === undefined) return
    history.replaceState(history.state, '', location.pathname + location.search)
    try {
      ask(readRequest(encoded))
    } catch ({ message }) {
      refuse(message)
    }
  }

  window.addEventListener('hashchange', begin)
  begin()
})()
