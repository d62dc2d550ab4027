import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.ts'
import {
  isListening,
  OUTSIDE_HOST,
  selfSignedCertificate,
  type Tunnel,
  type TunnelOptions,
} from './tunnel.ts'

const RECIPE = join(import.meta.dirname, '../../../docs/examples/tunnels/nginx.conf')
const LOOK_EVERY_MS = 20

/** The tunnel as Debian's nginx, in the foreground with a directory of its own. */
export class NginxTunnel implements Tunnel {
  readonly #options: TunnelOptions
  #directory: string | null = null
  #process: ChildProcess | null = null
  #port = 0

  constructor(options: TunnelOptions) {
    this.#options = options
  }

  get origin(): string {
    return `https://localhost:${this.#port}`
  }

  async start(): Promise<void> {
    this.#directory ??= await this.#prepare()
    const directory = this.#directory
    const nginx = spawn('nginx', ['-p', directory, '-c', join(directory, 'nginx.conf'), '-e', 'stderr'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let complaints = ''
    nginx.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()))
    this.#process = nginx
    // nginx has no word for "I am listening" in the foreground: the port itself tells.
    while (!(await isListening(this.#port))) {
      if (nginx.exitCode !== null) throw new Error(`nginx ended: ${complaints}`)
      await sleep(LOOK_EVERY_MS)
    }
  }

  async stop(): Promise<void> {
    const nginx = this.#process
    this.#process = null
    if (nginx !== null) {
      const ended = once(nginx, 'exit')
      nginx.kill('SIGTERM')
      await ended
    }
  }

  async remove(): Promise<void> {
    await this.stop()
    if (this.#directory !== null) rmSync(this.#directory, { recursive: true, force: true })
  }

  async #prepare(): Promise<string> {
    const directory = mkdtempSync(join(tmpdir(), 'nginx-'))
    const { key, cert } = await selfSignedCertificate()
    this.#port = await freePort()
    writeFileSync(join(directory, 'key.pem'), key, { mode: 0o600 })
    writeFileSync(join(directory, 'cert.pem'), cert)
    writeFileSync(join(directory, 'nginx.conf'), this.#config(directory))
    return directory
  }

  #config(directory: string): string {
    const { target, idleMs } = this.#options
    const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${directory}/${name};`,
    )
    // The recipe of the documents, at another address, for another name, and with its own bound on silence.
    const recipe = readFileSync(RECIPE, 'utf8')
      .replace('listen 443 ssl', `listen 127.0.0.1:${this.#port} ssl`)
      .replace('server_name sandbox.example', 'server_name _')
      .replace(/ssl_certificate .*;/, `ssl_certificate ${directory}/cert.pem;`)
      .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${directory}/key.pem;`)
      .replace('Host $host', `Host ${OUTSIDE_HOST}`)
      .replaceAll('http://127.0.0.1:8765', target)
    return `
daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
error_log stderr error;
events { worker_connections 256; }
http {
  access_log off;
  ${places.join('\n  ')}
  proxy_read_timeout ${idleMs}ms;
  proxy_send_timeout ${idleMs}ms;
  ${recipe}
}
`
  }
}
