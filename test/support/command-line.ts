import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const END_LIMIT_MS = 15_000

export const BUILT_MAIN = join(import.meta.dirname, '../../dist/main.js')

/** Runs the rest of its command line in a terminal of its own, and ends with its exit code. */
const IN_TERMINAL = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))'

/** The built `whatsappd` as a process of its own, with what it wrote; `program` is another one, executable by itself. */
export class CommandLine {
  stdout = ''
  stderr = ''
  readonly #child: ChildProcessWithoutNullStreams
  readonly #exit: Promise<number | null>
  readonly #watchers = new Set<() => void>()
  #ended = false

  constructor(arguments_: readonly string[], env: NodeJS.ProcessEnv = {}, program?: string) {
    if (!existsSync(BUILT_MAIN)) throw new Error(`${BUILT_MAIN} is missing: run "npm run build"`)
    const [command, first] = program === undefined ? [process.execPath, [BUILT_MAIN]] : [program, []]
    this.#child = spawn(command, [...first, ...arguments_], {
      env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env },
    })
    this.#child.stdout.setEncoding('utf8').on('data', (chunk: string) => this.#note('stdout', chunk))
    this.#child.stderr.setEncoding('utf8').on('data', (chunk: string) => this.#note('stderr', chunk))
    this.#exit = new Promise((resolve) => {
      this.#child.on('close', (code) => {
        this.#ended = true
        for (const watcher of this.#watchers) watcher()
        resolve(code)
      })
    })
  }

  /** As a person runs it: what it writes comes from one terminal, as `stdout`, and `type` is heard. */
  static inTerminal(
    arguments_: readonly string[],
    env?: NodeJS.ProcessEnv,
    size?: { columns: number; rows: number },
  ): CommandLine {
    const sized = ['sh', '-c', `stty cols ${size?.columns} rows ${size?.rows}; exec "$0" "$@"`]
    const program = [...(size === undefined ? [] : sized), process.execPath, BUILT_MAIN, ...arguments_]
    return new CommandLine(['-c', IN_TERMINAL, ...program], env, 'python3')
  }

  /** Runs to the end. */
  static async run(
    arguments_: readonly string[],
    env?: NodeJS.ProcessEnv,
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const command = new CommandLine(arguments_, env)
    const code = await command.exit
    return { code, stdout: command.stdout, stderr: command.stderr }
  }

  /** The exit code; `null` when a signal ended it. */
  get exit(): Promise<number | null> {
    return this.#exit
  }

  /** Resolves with the first match in what was written to stdout; rejects when the process ends without it. */
  waitFor(pattern: RegExp, timeoutMs = 60_000): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer)
        this.#watchers.delete(look)
      }
      const look = (): void => {
        const match = pattern.exec(this.stdout)
        if (match !== null) {
          finish()
          resolve(match)
        } else if (this.#ended) fail('the process ended without')
      }
      const fail = (what: string): void => {
        finish()
        reject(new Error(`${what} ${String(pattern)}; stdout:\n${this.stdout}\nstderr:\n${this.stderr}`))
      }
      const timer = setTimeout(() => fail('waited in vain for'), timeoutMs)
      this.#watchers.add(look)
      look()
    })
  }

  /** Keys, also `\x03` for Ctrl-C and `\x04` for Ctrl-D in a terminal. */
  type(keys: string): void {
    this.#child.stdin.write(keys)
  }

  /** Nothing more is typed: what reads standard input comes to its end. */
  closeInput(): void {
    this.#child.stdin.end()
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  /** Ends it as Ctrl-C does, so that it cleans up; by force when that takes too long. */
  async end(): Promise<void> {
    this.#child.kill('SIGINT')
    const force = setTimeout(() => this.#child.kill('SIGKILL'), END_LIMIT_MS)
    await this.#exit
    clearTimeout(force)
  }

  #note(stream: 'stdout' | 'stderr', chunk: string): void {
    this[stream] += chunk
    for (const watcher of this.#watchers) watcher()
  }
}
