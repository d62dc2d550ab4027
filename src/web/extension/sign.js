/**
 * Signs with the passkey, in the world of the page: password managers answer there alone. Does nothing, and leaves nothing on
 * the page, until the address carries a request; then it waits for `panel.js`, which asks the person first.
 */
;(() => {
  const FRAGMENT = '#whatsappd='
  const RELYING_PARTY = 'whatsapp.com'
  let isListening = false

  const decode = (text) =>
    Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (each) => each.charCodeAt(0))

  const encode = (buffer) =>
    buffer === null
      ? null
      : btoa(String.fromCharCode(...new Uint8Array(buffer)))
          .replaceAll('+', '-')
          .replaceAll('/', '_')
          .replaceAll('=', '')

  /** Browsers before 2025 do not read JSON by themselves. */
  const readOptions = (options) =>
    PublicKeyCredential.parseRequestOptionsFromJSON?.(options) ?? {
      ...options,
      challenge: decode(options.challenge),
      allowCredentials: (options.allowCredentials ?? []).map((each) => ({ ...each, id: decode(each.id) })),
    }

  /** Exactly what WhatsApp takes. */
  const sign = async (options) => {
    if (options.rpId !== RELYING_PARTY) throw new Error('This is not a request for a passkey of WhatsApp.')
    const { id, rawId, type, response } = await navigator.credentials.get({ publicKey: readOptions(options) })
    return {
      id,
      rawId: encode(rawId),
      type,
      response: {
        clientDataJSON: encode(response.clientDataJSON),
        authenticatorData: encode(response.authenticatorData),
        signature: encode(response.signature),
        userHandle: encode(response.userHandle),
      },
    }
  }

  const answer = (detail) =>
    window.dispatchEvent(new CustomEvent('whatsappd-signed', { detail: JSON.stringify(detail) }))

  const listen = () => {
    if (isListening || !location.hash.startsWith(FRAGMENT)) return
    isListening = true
    window.addEventListener('whatsappd-sign', ({ detail }) => {
      sign(JSON.parse(detail)).then(
        (signed) => answer({ signed }),
        ({ name, message }) => answer({ failure: { name, message } }),
      )
    })
  }

  // Registered before that of `panel.js`, which removes the request from the address.
  window.addEventListener('hashchange', listen)
  listen()
})()
