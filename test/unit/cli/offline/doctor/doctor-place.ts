import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { CommandContext } from '../../../../../src/cli/command-context.ts'
import { runChecks } from '../../../../../src/cli/offline/doctor/checks.ts'
import { gatherFacts } from '../../../../../src/cli/offline/doctor/doctor-facts.ts'
import type { DoctorFinding } from '../../../../../src/protocol/doctor-report.ts'

/** A home, a state directory and a config file in a directory of the test's own. */
export class DoctorPlace {
  readonly directory = mkdtempSync(join(tmpdir(), 'doctor-'))
  readonly stateDirectory = join(this.directory, 'state')
  readonly configPath = join(this.directory, 'sandbox.config.json5')
  readonly env: NodeJS.ProcessEnv = { PATH: process.env['PATH'], HOME: this.directory }

  constructor() {
    onTestFinished(() => rmSync(this.directory, { recursive: true, force: true }))
    mkdirSync(this.stateDirectory, { mode: 0o700 })
  }

  /** Writes the section of the channel, and of the daemon, whose port is free. */
  config(whatsapp: object, whatsappd: object = {}): void {
    const content = { channels: { whatsapp }, whatsappd: { listen: { port: 0 }, ...whatsappd } }
    this.write(JSON.stringify(content))
  }

  write(text: string): void {
    writeFileSync(this.configPath, text, { mode: 0o600 })
    chmodSync(this.configPath, 0o600)
  }

  /** What is found, of one check. */
  async look(check: string): Promise<DoctorFinding[]> {
    return (await this.lookAtAll()).filter((finding) => finding.check === check)
  }

  async lookAtAll(): Promise<DoctorFinding[]> {
    const context: Pick<CommandContext, 'env' | 'version' | 'packageRoot'> = {
      env: this.env,
      version: '1.2.3',
      packageRoot: join(import.meta.dirname, '../../../../..'),
    }
    // Nothing else of it is looked at.
    const facts = await gatherFacts(context as CommandContext, {
      stateDir: this.stateDirectory,
      config: this.configPath,
    })
    return runChecks(facts, new AbortController().signal)
  }
}
