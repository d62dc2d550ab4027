import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.ts'
import { isListening, selfSignedCertificate, type Tunnel } from './tunnel.ts'

const RECIPE = join(import.meta.dirname, '../../../docs/examples/tunnels/Caddyfile')
const LOOK_EVERY_MS = 20

/** The tunnel as Debian's Caddy, with the recipe of the documents. */
export class CaddyTunnel implements Tunnel {
  readonly #target: string
  #directory = ''
  #process: ChildProcess | null = null
  #port = 0

  constructor({ target }: { target: string }) {
    this.#target = target
  }

  get origin(): string {
    return `https://localhost:${this.#port}`
  }

  async start(): Promise<void> {
    if (this.#directory === '') await this.#prepare()
    const directory = this.#directory
    const caddy = spawn(
      'caddy',
      ['run', '--config', join(directory, 'Caddyfile'), '--adapter', 'caddyfile'],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { PATH: process.env['PATH'], HOME: directory },
      },
    )
    let complaints = ''
    caddy.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()))
    this.#process = caddy
    // The port itself tells when it listens.
    while (!(await isListening(this.#port))) {
      if (caddy.exitCode !== null) throw new Error(`caddy ended: ${complaints}`)
      await sleep(LOOK_EVERY_MS)
    }
  }

  async stop(): Promise<void> {
    const caddy = this.#process
    this.#process = null
    if (caddy === null) return
    const ended = once(caddy, 'exit')
    caddy.kill('SIGTERM')
    await ended
  }

  async remove(): Promise<void> {
    await this.stop()
    if (this.#directory !== '') rmSync(this.#directory, { recursive: true, force: true })
  }

  async #prepare(): Promise<void> {
    const directory = mkdtempSync(join(tmpdir(), 'caddy-'))
    const { key, cert } = await selfSignedCertificate()
    this.#port = await freePort()
    writeFileSync(join(directory, 'key.pem'), key, { mode: 0o600 })
    writeFileSync(join(directory, 'cert.pem'), cert)
    // Nothing of this run may ask an authority for certificates, or listen anywhere else.
    const recipe = readFileSync(RECIPE, 'utf8')
      .replace(
        'sandbox.example {',
        `${this.origin} {\n\tbind 127.0.0.1\n\ttls ${directory}/cert.pem ${directory}/key.pem`,
      )
      .replaceAll('127.0.0.1:8765', new URL(this.#target).host)
    writeFileSync(
      join(directory, 'Caddyfile'),
      `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${recipe}`,
    )
    this.#directory = directory
  }
}
