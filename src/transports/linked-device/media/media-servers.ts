/** Files of WhatsApp lie on servers of this domain (Baileys rc14 `DEF_HOST`, whatsmeow `mediaconn.go`). */
const DOMAIN = '.whatsapp.net'
const DEFAULT_HOST = `mmg${DOMAIN}`
/** As WhatsApp's own web client names itself; its servers ask for it. */
const WHATSAPP_ORIGIN = 'https://web.whatsapp.com'

/**
 * Which servers files are fetched from and sent to: WhatsApp's own over TLS, or, with another chat server, that one's host and port alone.
 * A message, a server's answer or a redirect names no other.
 */
export class MediaServers {
  /** `null`: WhatsApp's own. */
  readonly #own: URL | null

  /** `webSocketUrl`: of another chat server than WhatsApp's. The config takes an unencrypted one on this machine alone. */
  constructor(webSocketUrl: string | null) {
    this.#own = webSocketUrl === null ? null : new URL(webSocketUrl)
  }

  /** Used while WhatsApp has not named one. */
  get defaultHost(): string {
    return this.#own?.host ?? DEFAULT_HOST
  }

  get headers(): Readonly<Record<string, string>> {
    return { origin: WHATSAPP_ORIGIN }
  }

  /** The URL of a path, which begins with one slash, at one of these servers; `null` where the host is none or the path is none. */
  urlOf(host: string, path: string): URL | null {
    if (!/^\/(?![/\\])/.test(path)) return null
    const scheme = this.#own?.protocol === 'ws:' ? 'http' : 'https'
    const url = parse(`${scheme}://${host}/`)
    if (url === null || !this.#isAllowed(url)) return null
    const whole = parse(path, url)
    return whole !== null && whole.origin === url.origin ? whole : null
  }

  #isAllowed(url: URL): boolean {
    if (url.username !== '' || url.password !== '' || url.pathname !== '/' || url.search !== '') return false
    if (this.#own !== null) return url.host === this.#own.host
    return url.port === '' && url.hostname.endsWith(DOMAIN)
  }
}

function parse(text: string, base?: URL): URL | null {
  try {
    return new URL(text, base)
  } catch {
    return null
  }
}
