import { browserBundle } from '../../src/tools/browser-bundle.mjs'
import { SECURITY_HEADERS } from '../../src/control/http/security-headers.ts'
import { pageHtml } from '../../src/control/http/routes/page-html.ts'
import { ScriptedDaemon } from '../unit/client/scripted-daemon.ts'

/** The single-use code that `POST /v1/session` takes. */
export const LOGIN_CODE = 'one-time-code'

let bundled: ReturnType<typeof browserBundle> | null = null

/** A scripted daemon that also serves the page, freshly bundled, and trades `LOGIN_CODE` for its token once. */
export async function startCardServer(): Promise<ScriptedDaemon> {
  bundled ??= browserBundle({
    card: 'src/web/card/index.ts',
    conversations: 'src/web/conversations/index.ts',
    page: 'src/web/page/page.ts',
  })
  const { files } = await bundled
  const daemon = new ScriptedDaemon()
  let isCodeSpent = false
  daemon.http = (request, response) => {
    const script = files.get(request.url?.slice(1) ?? '')
    if (script !== undefined) {
      const headers = { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' }
      response.writeHead(200, headers).end(script)
    } else if (request.url === '/v1/session') {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')))
      request.on('end', () => {
        const isAccepted = !isCodeSpent && body === JSON.stringify({ code: LOGIN_CODE })
        isCodeSpent ||= isAccepted
        const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
        response.writeHead(isAccepted ? 200 : 401, { 'Content-Type': 'application/json' })
        const refusal = { error: { code: 'unauthorized', message: 'The code is not valid.' } }
        response.end(JSON.stringify(isAccepted ? { token: daemon.token, expiresAt } : refusal))
      })
    } else if (request.url === '/') {
      const headers = { 'Content-Type': 'text/html', ...SECURITY_HEADERS }
      response.writeHead(200, headers).end(pageHtml({ demo: false }))
    } else return false
    return true
  }
  await daemon.start()
  return daemon
}
