import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isListening } from '../tunnels/tunnel.ts'

/** Names that lead to this machine for the proxy, and nowhere for everybody else. */
const PROXIED_HOSTS = ['whatsapp.test', 'models.test'] as const

const USER = 'sandbox'
/** tinyproxy's config takes no other signs. */
const PASSWORDS = { tinyproxy: 'Pass-word_1', microsocks: 'pass%word:with@signs' } as const

/** Without root a user namespace gives the right to mount. */
const NAMESPACE = process.getuid?.() === 0 ? '-m' : '-Urm'
/** Puts its own `/etc/hosts` before the program, for that program alone. */
const WITH_HOSTS = 'mount --bind "$1" /etc/hosts && shift && exec "$@"'

export type ProxyKind = 'tinyproxy' | 'microsocks'

/** A real proxy in a process of its own, which wants a user and a password: Debian's tinyproxy (HTTP) or microsocks (SOCKS5). */
export class RealProxy {
  readonly kind: ProxyKind
  readonly port: number
  readonly #directory: string
  readonly #process: ChildProcess
  #errors = ''

  private constructor(kind: ProxyKind, port: number, directory: string) {
    this.kind = kind
    this.port = port
    this.#directory = directory
    const hosts = join(directory, 'hosts')
    writeFileSync(hosts, `127.0.0.1 localhost ${PROXIED_HOSTS.join(' ')}\n`)
    const command = kind === 'tinyproxy' ? this.#tinyproxy() : this.#microsocks()
    this.#process = spawn('unshare', [NAMESPACE, 'sh', '-c', WITH_HOSTS, 'sh', hosts, ...command], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#process.stderr?.on('data', (data: Buffer) => (this.#errors += data.toString()))
  }

  /** Why none can be started here; `null` where they can. */
  static obstacle(): string | null {
    for (const program of ['unshare', 'tinyproxy', 'microsocks']) {
      const { error } = spawnSync(program, ['--help'], { stdio: 'ignore', timeout: 5_000 })
      if (error !== undefined) return `${program}: ${error.message}`
    }
    const { status, stderr } = spawnSync('unshare', [
      NAMESPACE,
      'sh',
      '-c',
      'mount --bind /etc/hosts /etc/hosts',
    ])
    return status === 0 ? null : stderr.toString().trim()
  }

  static async start(kind: ProxyKind): Promise<RealProxy> {
    const proxy = new RealProxy(kind, await freePort(), mkdtempSync(join(tmpdir(), 'proxy-')))
    for (let tries = 0; tries < 200; tries += 1) {
      if (await isListening(proxy.port)) return proxy
      await pause(25)
    }
    await proxy.stop()
    throw new Error(`${kind} does not listen: ${proxy.#errors}`)
  }

  get password(): string {
    return PASSWORDS[this.kind]
  }

  url(password = this.password): string {
    const scheme = this.kind === 'tinyproxy' ? 'http' : 'socks5'
    return `${scheme}://${USER}:${encodeURIComponent(password)}@127.0.0.1:${this.port}`
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      const ended = once(this.#process, 'exit')
      this.#process.kill('SIGKILL')
      await ended
    }
    rmSync(this.#directory, { recursive: true, force: true })
  }

  #tinyproxy(): string[] {
    const config = join(this.#directory, 'tinyproxy.conf')
    const lines = [
      `Port ${this.port}`,
      'Listen 127.0.0.1',
      'Timeout 60',
      `LogFile "${join(this.#directory, 'log')}"`,
      'LogLevel Connect',
      `BasicAuth ${USER} ${this.password}`,
    ]
    writeFileSync(config, `${lines.join('\n')}\n`)
    return ['tinyproxy', '-d', '-c', config]
  }

  #microsocks(): string[] {
    return ['microsocks', '-i', '127.0.0.1', '-p', String(this.port), '-u', USER, '-P', this.password]
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // The address of a server that listens on a port.
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
