import { onTestFinished } from 'vitest'
import type { ScriptedDaemon } from '../unit/client/scripted-daemon.ts'
import { startCardServer } from './card-server.ts'

export interface HostPageOptions {
  /** Markup of the page's body. `CARD` in it becomes the element with its address. */
  body: string
  /** Runs in the page before the element is defined. */
  before?: string
  /**
   * Runs in the page when the element is defined: `findCard()` is the card, through open shadow roots, `TOKEN` what the
   * daemon takes, `URL` its address.
   */
  script?: string
  headers?: Readonly<Record<string, string>>
  /** The body of `/frame`, in the place of `body` where the card is. */
  frame?: string
}

const SCRIPT = '<script type="module" src="/host.js"></script>'
const GIVE_TOKEN = 'findCard().token = TOKEN'
const FIND_CARD = `function findCard(root = document) {
  for (const element of root.querySelectorAll('*')) {
    const found = element.localName === 'whatsapp-card' ? element : element.shadowRoot && findCard(element.shadowRoot)
    if (found) return found
  }
  return null
}`

/** A page of somebody else's with the card on it, at `/host`; a scripted daemon serves both. Gone when the test has finished. */
export async function serveHostPage(options: HostPageOptions): Promise<ScriptedDaemon> {
  const { body, before = '', script = GIVE_TOKEN, headers = {}, frame = '' } = options
  const daemon = await startCardServer()
  onTestFinished(() => daemon.stop())
  const card = `<whatsapp-card url="${daemon.url}"></whatsapp-card>`
  const document = (markup: string): string =>
    `<!doctype html><html lang="en"><title>Host</title><body>${markup.replace('CARD', card)}${SCRIPT}</body></html>`
  const code = `${FIND_CARD}\n${before}\nawait import('/card.js')\n${script}`
    .replace('TOKEN', JSON.stringify(daemon.token))
    .replace('URL', JSON.stringify(daemon.url))
  // A frame without an origin of its own may load a script only where the header says so, as the daemon does.
  const scriptHeaders = { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' }
  const files = new Map([
    ['/host', { text: document(body), headers: { 'Content-Type': 'text/html', ...headers } }],
    ['/frame', { text: document(frame), headers: { 'Content-Type': 'text/html' } }],
    ['/favicon.ico', { text: '', headers: { 'Content-Type': 'image/png' } }],
    ['/host.js', { text: code, headers: scriptHeaders }],
  ])
  const served = daemon.http
  daemon.http = (request, response) => {
    const file = files.get(request.url ?? '')
    if (file === undefined) return served(request, response)
    response.writeHead(200, file.headers).end(file.text)
    return true
  }
  return daemon
}
