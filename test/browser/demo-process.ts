import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

const START_TIMEOUT_MS = 90_000

/** `whatsappd demo` as a person runs it: the built program, in a process of its own, on a free port. */
export class DemoProcess {
  readonly #child: ChildProcess
  output = ''
  pageLink = ''
  configPath = ''

  /** `options` of the command line, besides the port. */
  constructor(...options: string[]) {
    this.#child = spawn(process.execPath, ['dist/main.js', 'demo', '--port', '0', ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8')
      stream?.on('data', (chunk: string) => (this.output += chunk))
    }
  }

  /** Resolves when the page's link and the config's path are printed; rejects with the output when that fails. */
  async ready(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`${why}\n${this.output}`))
      const timer = setTimeout(() => fail('the demo did not start in time'), START_TIMEOUT_MS)
      this.#child.once('exit', (code) => fail(`the demo ended with ${code}`))
      this.#child.stdout?.on('data', () => {
        this.pageLink = /http:\S+#code=\S+/.exec(this.output)?.[0] ?? ''
        this.configPath = /^\s*config\s+(\S+)/m.exec(this.output)?.[1] ?? ''
        if (this.pageLink === '' || this.configPath === '') return
        clearTimeout(timer)
        resolve()
      })
    })
  }

  /** What it printed from here on. */
  printedSince(length: number): string {
    return this.output.slice(length)
  }

  /** Ctrl-C; resolves with the exit code. */
  async interrupt(): Promise<number | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGINT')
    await ended
    return this.#child.exitCode
  }

  /** For when a test failed half-way. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
