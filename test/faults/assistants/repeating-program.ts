import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Assistant } from './assistant.ts'

const PROGRAM = fileURLToPath(new URL('repeating-program.mjs', import.meta.url))

/** A program that the daemon starts by itself, and again after it died. */
export class RepeatingProgram implements Assistant {
  readonly name: string
  readonly isAskedAgain = false
  readonly #connector: Record<string, unknown>
  readonly #mode: string
  #directory = ''

  constructor(mode: 'acp' | 'stay' | 'turn') {
    this.name = `program-${mode}`
    this.#mode = mode
    this.#connector =
      mode === 'acp'
        ? { connector: 'acp' }
        : { connector: 'command', mode, ...(mode === 'turn' ? { output: 'jsonl' } : {}) }
  }

  settings(directory: string): Record<string, unknown> {
    this.#directory = directory
    const workingDirectory = join(directory, 'work')
    mkdirSync(workingDirectory, { mode: 0o700 })
    return {
      ...this.#connector,
      program: process.execPath,
      args: [PROGRAM, this.#mode, directory],
      workingDirectory,
    }
  }

  async start(): Promise<void> {}

  async crash(): Promise<void> {
    for (const pid of this.#processes()) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended by itself.
      }
    }
  }

  async stop(): Promise<void> {
    await this.crash()
  }

  /** The directory is an argument of each, and of nobody else. */
  #processes(): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        try {
          const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
          return words.includes(PROGRAM) && words.includes(this.#directory)
        } catch {
          return false
        }
      })
  }
}
