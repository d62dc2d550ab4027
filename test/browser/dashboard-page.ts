import type { ScriptedPage } from './scripted-page.ts'

const PATH = '/dashboard'

/**
 * Opens `html` as the page of a dashboard, of the daemon's own origin and without a content policy. Its cards, in shadow roots too, get the
 * address and the token. `before` is a script that runs first.
 */
export async function openDashboard(
  { daemon, page }: ScriptedPage,
  html: string,
  before = '',
): Promise<void> {
  const { http } = daemon
  daemon.http = (request, response) => {
    if (request.url === '/favicon.ico') {
      response.writeHead(204).end()
      return true
    }
    if (request.url !== PATH) return http(request, response)
    const scripts = `<script>${before}</script><script type="module" src="/card.js"></script>`
    response.writeHead(200, { 'Content-Type': 'text/html' }).end(`<!doctype html>${html}${scripts}`)
    return true
  }
  await page.goto(`${daemon.origin}${PATH}`)
  await page.locator('whatsapp-card').evaluateAll(
    (cards, given) => {
      for (const card of cards) Object.assign(card, given)
    },
    { url: daemon.url, token: daemon.token },
  )
}
