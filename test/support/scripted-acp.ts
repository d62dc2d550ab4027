import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRecord } from '../../src/protocol/is-record.ts'

const PROGRAM = join(import.meta.dirname, 'scripted-acp-agent.mjs')

/** A place for agents of the Agent Client Protocol that follow a script (`scripted-acp-agent.mjs`), and what they noted. */
export class ScriptedAcp {
  readonly directory = mkdtempSync(join(tmpdir(), 'whatsappd-acp-'))

  /** The settings of such an agent; `name` tells what several of them noted apart. */
  settings(
    script: Record<string, unknown>,
    name = 'agent',
  ): Record<string, unknown> & { args: string[]; workingDirectory: string } {
    return {
      program: process.execPath,
      args: [PROGRAM, JSON.stringify({ record: this.#record(name), ...script })],
      environment: { AGENT_KEY: { env: 'AGENT_KEY' } },
      workingDirectory: this.directory,
    }
  }

  /** What it noted, oldest first: messages that it got, and other things. */
  notes(name = 'agent'): Record<string, unknown>[] {
    const record = this.#record(name)
    if (!existsSync(record)) return []
    const lines = readFileSync(record, 'utf8').split('\n').filter(Boolean)
    return lines.map((line): unknown => JSON.parse(line)).filter(isRecord)
  }

  /** What it noted so far. */
  forget(name: string): void {
    rmSync(this.#record(name), { force: true })
  }

  /** The parameters of each call of a method. */
  calls(method: string, name = 'agent'): Record<string, unknown>[] {
    const notes = this.notes(name).filter((note) => note['method'] === method)
    return notes.map(({ params }) => params).filter(isRecord)
  }

  /** The id of the process that runs now, or ran last. */
  pid(name = 'agent'): number {
    return Number(this.notes(name).findLast((note) => note['pid'] !== undefined)?.['pid'])
  }

  /** The texts of the prompts. */
  prompts(name = 'agent'): string[] {
    return this.calls('session/prompt', name).map(({ prompt }) => {
      const blocks: readonly unknown[] = Array.isArray(prompt) ? prompt : []
      const [first] = blocks
      return isRecord(first) && typeof first['text'] === 'string' ? first['text'] : ''
    })
  }

  remove(): void {
    // An agent that is being killed may still write its last note.
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 10 })
  }

  #record(name: string): string {
    return join(this.directory, `${name}.jsonl`)
  }
}
