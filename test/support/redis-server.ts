import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/** A real redis-server on a port of its own, which it keeps over its restarts. It stores nothing. */
export class RedisServer {
  readonly port: number
  readonly #directory = mkdtempSync(join(tmpdir(), 'redis-'))
  readonly #arguments: readonly string[]
  #child: ChildProcess | null = null

  private constructor(port: number, arguments_: readonly string[]) {
    this.port = port
    this.#arguments = arguments_
  }

  /** Finds a port; the server does not run yet. */
  static async prepare(...arguments_: string[]): Promise<RedisServer> {
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    // A server that listens on a TCP port has an address of this shape.
    const { port } = probe.address() as AddressInfo
    probe.close()
    await once(probe, 'close')
    return new RedisServer(port, arguments_)
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  /** Resolves when it takes connections. */
  async start(): Promise<void> {
    const place = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#directory]
    const child = spawn(program(), [...place, '--save', '', '--appendonly', 'no', ...this.#arguments], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#child = child
    await new Promise<void>((resolve, reject) => {
      let output = ''
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk
        if (output.includes('Ready to accept connections')) resolve()
      })
      child.once('error', reject)
      child.once('exit', () => reject(new Error(`redis-server ended:\n${output}`)))
    })
  }

  /** As a power cut: what it held is gone. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = null
    if (child === null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  /** It answers nobody, and refuses nobody either. */
  pause(): void {
    this.#child?.kill('SIGSTOP')
  }

  async end(): Promise<void> {
    await this.kill()
    rmSync(this.#directory, { recursive: true, force: true })
  }
}

/** Valkey's server takes the same arguments. */
function program(): string {
  const directories = (process.env['PATH'] ?? '').split(delimiter)
  const isInstalled = (name: string): boolean =>
    directories.some((directory) => existsSync(join(directory, name)))
  return isInstalled('redis-server') || !isInstalled('valkey-server') ? 'redis-server' : 'valkey-server'
}
