import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { issueSandboxToken } from '../../docs/examples/backend/issue-token.ts'
import { exampleBundle } from './example-bundle.ts'
import { frameworkBuild } from './framework-build.ts'
import type { Framework } from './framework-build.ts'
import { NextServer } from './next-server.ts'

const EXAMPLES = join(import.meta.dirname, '../../docs/examples')
const GUIDE = join(EXAMPLES, '../embedding.md')
const ISSUER = 'https://dashboard.example'
const AUDIENCE = 'sandbox-1'
const USER = 'user-1'
const page = (body = ''): string =>
  `<!doctype html><html lang="en"><title>Integrations</title><body>${body}<script type="module" src="/main.js"></script>`

interface Answer {
  type: string
  body: string
}

/** A team's dashboard: the example's page, with the guide's content policy, and the two routes of a backend. */
export class DashboardServer {
  readonly #server: Server
  readonly #keys = generateKeyPairSync('ed25519')
  readonly #pages = new Map<string, Answer>()
  /** The guide's, about one sandbox. */
  #policy = ''
  readonly #sandboxOrigin: string
  #next: NextServer | null = null
  tokenLifetimeSeconds = 600
  tokenAudience = AUDIENCE
  tokensIssued = 0

  constructor(sandboxOrigin: string) {
    this.#sandboxOrigin = sandboxOrigin
    this.#server = createServer((request, response) => {
      void this.#answer(request.url ?? '/').then((answer) => {
        const headers = { 'Content-Security-Policy': this.#policy, 'Cache-Control': 'no-store' }
        response.writeHead(answer === undefined ? 404 : 200, {
          ...headers,
          'Content-Type': answer?.type ?? 'text/plain',
        })
        response.end(answer?.body)
      })
    })
  }

  get origin(): string {
    const { port } = this.#server.address() as AddressInfo // a TCP server has an address of this shape
    return `http://127.0.0.1:${port}`
  }

  /** What belongs into the sandbox's config under `whatsappd`. */
  get sandboxConfig(): Record<string, unknown> {
    const publicKey = this.#keys.publicKey.export({ type: 'spki', format: 'pem' })
    return {
      auth: { jwtKeys: [{ publicKey }], issuer: ISSUER, audience: AUDIENCE, subjects: [USER] },
      allowedOrigins: [this.origin],
    }
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  /** From now on this is the dashboard's page. */
  async show(example: 'plain' | 'react' | 'vue' | Framework): Promise<void> {
    this.#policy = policyOfGuide(this.#sandboxOrigin, example === 'plain')
    const file = (name: string): string => readFileSync(join(EXAMPLES, example, name), 'utf8')
    this.#pages.set('/login', { type: 'text/html', body: '<!doctype html><html lang="en"><h1>Sign in</h1>' })
    if (example === 'plain') {
      this.#pages.set('/', { type: 'text/html', body: file('index.html') })
      this.#pages.set('/dashboard.css', { type: 'text/css', body: file('dashboard.css') })
      this.#pages.set('/dashboard.js', { type: 'text/javascript', body: file('dashboard.js') })
    } else if (example === 'next') {
      // Next puts scripts into its pages, and the guide's policy is for pages without.
      this.#policy = this.#policy.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
      this.#next = new NextServer(await frameworkBuild('next'), this.#sandboxOrigin)
      await this.#next.ready()
    } else if (example === 'svelte' || example === 'angular') {
      const directory = await frameworkBuild(example)
      const body = example === 'svelte' ? await renderSvelte(directory, this.#sandboxOrigin) : ''
      this.#pages.set('/', { type: 'text/html', body: page(body) })
      const script = readFileSync(join(directory, 'main.js'), 'utf8')
      this.#pages.set('/main.js', { type: 'text/javascript', body: script })
    } else {
      const main = example === 'react' ? 'main.tsx' : 'main.ts'
      const body = await exampleBundle(join(EXAMPLES, example, main))
      this.#pages.set('/', { type: 'text/html', body: page() })
      this.#pages.set('/main.js', { type: 'text/javascript', body })
    }
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
    await this.#next?.stop()
  }

  async #answer(path: string): Promise<Answer | undefined> {
    if (path === '/api/sandbox') {
      return { type: 'application/json', body: JSON.stringify({ origin: this.#sandboxOrigin }) }
    }
    if (path === '/api/sandbox/token') return { type: 'text/plain', body: await this.#issueToken() }
    if (path === '/favicon.ico') return { type: 'image/png', body: '' }
    return this.#pages.get(path) ?? this.#askNext(path)
  }

  /** What a server in front of Next passes on. */
  async #askNext(path: string): Promise<Answer | undefined> {
    if (this.#next === null) return undefined
    const response = await fetch(`${this.#next.origin}${path}`)
    const type = response.headers.get('content-type') ?? 'text/plain'
    return response.ok ? { type, body: await response.text() } : undefined
  }

  #issueToken(): Promise<string> {
    this.tokensIssued += 1
    const privateKey = this.#keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    return issueSandboxToken(privateKey, {
      issuer: ISSUER,
      audience: this.tokenAudience,
      userId: USER,
      scope: 'read link config',
      lifetimeSeconds: this.tokenLifetimeSeconds,
    })
  }
}

/** The example's markup, as a server prints it before any script runs. */
async function renderSvelte(directory: string, sandboxOrigin: string): Promise<string> {
  // What `build.mjs` bundles: the component, and Svelte's own function that renders one.
  const { default: Integrations, render } = (await import(
    pathToFileURL(join(directory, 'server.mjs')).href
  )) as {
    default: unknown
    render: (component: unknown, options: { props: object }) => { body: string }
  }
  const url = `${sandboxOrigin.replace('http', 'ws')}/v1/ws`
  return render(Integrations, { props: { url } }).body
}

function policyOfGuide(sandboxOrigin: string, loadsCardFromSandbox: boolean): string {
  const [, policy] = /^Content-Security-Policy: (.+)$/m.exec(readFileSync(GUIDE, 'utf8')) ?? []
  if (policy === undefined) throw new Error('the guide names no content policy')
  const own = policy.replaceAll('//sandbox.example', sandboxOrigin.replace('https:', ''))
  return loadsCardFromSandbox ? own.replace("script-src 'self'", `script-src 'self' ${sandboxOrigin}`) : own
}
