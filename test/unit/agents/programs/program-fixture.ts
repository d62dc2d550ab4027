import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { ProgramHost } from '../../../../src/agents/programs/program-host.ts'
import type { RunningProgram } from '../../../../src/agents/programs/running-program.ts'
import { startProgram } from '../../../../src/agents/programs/start-program.ts'

/** A directory of the test's own, with a home, a state directory, and programs. */
export class ProgramFixture {
  readonly directory: string
  readonly host: ProgramHost

  constructor(environment: NodeJS.ProcessEnv = {}) {
    this.directory = mkdtempSync(join(tmpdir(), 'programs-'))
    onTestFinished(() => rmSync(this.directory, { recursive: true, force: true }))
    mkdirSync(join(this.directory, 'state'))
    this.host = {
      id: 'ada',
      account: 'shop',
      environment: { PATH: process.env['PATH'], HOME: this.directory, ...environment },
      stateDirectory: join(this.directory, 'state'),
      shown: (_setting, value) => value,
    }
  }

  /** A script that can be run, in the directory. */
  script(text: string, name = 'answer.sh'): string {
    const path = join(this.directory, name)
    writeFileSync(path, text)
    chmodSync(path, 0o755)
    return path
  }

  /** Runs a shell's text, which is stopped with the test. */
  async start(text: string, args: readonly string[] = []): Promise<RunningProgram> {
    const program = await startProgram(
      { program: this.script(`#!/bin/sh\n${text}\n`), args, environment: {} },
      this.host,
    )
    onTestFinished(() => program.stop())
    return program
  }
}

export async function textOf(program: RunningProgram): Promise<string> {
  let text = ''
  for await (const chunk of program.stdout) text += String(chunk)
  return text
}
