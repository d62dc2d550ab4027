import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { CommandContext } from '../../src/cli/command-context.ts'
import { runChecks } from '../../src/cli/offline/doctor/checks.ts'
import { gatherFacts, type Surroundings } from '../../src/cli/offline/doctor/doctor-facts.ts'
import type { DoctorFinding } from '../../src/protocol/doctor-report.ts'
import { BUILT_MAIN } from './command-line.ts'

/** A home, a state directory and a config file in a directory of the test's own, and the server that answers for WhatsApp's. */
export class DoctorPlace {
  readonly directory = mkdtempSync(join(tmpdir(), 'doctor-'))
  readonly stateDirectory = join(this.directory, 'state')
  readonly configPath = join(this.directory, 'sandbox.config.json5')
  readonly env: NodeJS.ProcessEnv = { PATH: process.env['PATH'], HOME: this.directory }
  /** Of the machine that is looked at. */
  readonly surroundings: Surroundings = {}
  packageRoot = join(import.meta.dirname, '../..')
  /** How far the server's clock is ahead. */
  serverAheadMs = 0
  #server: Server
  #port = 0

  constructor() {
    onTestFinished(() => {
      this.stopServer()
      rmSync(this.directory, { recursive: true, force: true })
    })
    mkdirSync(this.stateDirectory, { mode: 0o700 })
    this.#server = this.startServer()
  }

  /** Answers like any web server, on the port of the last one. */
  startServer(): Server {
    const server = createServer((_request, response) => {
      response.sendDate = false
      response.setHeader('Date', new Date(Date.now() + this.serverAheadMs).toUTCString())
      response.writeHead(404).end()
    })
    // Without a name of a host it has its port at once.
    server.listen(this.#port)
    this.#server = server
    this.#port = this.serverPort
    return server
  }

  stopServer(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  get serverPort(): number {
    // The address of a server that listens on a port.
    return this.#server.listening ? (this.#server.address() as AddressInfo).port : this.#port
  }

  /** Writes the section of the channel, and of the daemon, whose port is free. */
  config(whatsapp: object, whatsappd: object = {}): void {
    const server = { webSocketUrl: `ws://127.0.0.1:${this.serverPort}/ws/chat` }
    const content = {
      channels: { whatsapp },
      whatsappd: { listen: { port: 0 }, whatsapp: server, ...whatsappd },
    }
    this.write(JSON.stringify(content))
  }

  write(text: string): void {
    writeFileSync(this.configPath, text, { mode: 0o600 })
    chmodSync(this.configPath, 0o600)
  }

  /** Does what a finding advises: the part of `action` that `pattern` finds, as a person types it. */
  follow(action: string | null, pattern: RegExp): string {
    const command = pattern.exec(action ?? '')?.[0]
    if (command === undefined) throw new Error(`no command ${String(pattern)} in: ${action}`)
    const programs = join(this.directory, 'bin')
    mkdirSync(programs, { recursive: true })
    writeFileSync(
      join(programs, 'whatsappd'),
      `#!/bin/sh\nexec '${process.execPath}' '${BUILT_MAIN}' "$@"\n`,
      {
        mode: 0o755,
      },
    )
    return execFileSync('sh', ['-ec', command], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...this.env,
        PATH: `${programs}:${this.env['PATH']}`,
        WHATSAPPD_STATE_DIR: this.stateDirectory,
        SANDBOX_CONFIG: this.configPath,
      },
    })
  }

  /** What is found, of one check. */
  async look(check: string): Promise<DoctorFinding[]> {
    return (await this.lookAtAll()).filter((finding) => finding.check === check)
  }

  async lookAtAll(): Promise<DoctorFinding[]> {
    const context: Pick<CommandContext, 'env' | 'version' | 'packageRoot'> = {
      env: this.env,
      version: '1.2.3',
      packageRoot: this.packageRoot,
    }
    // Nothing else of it is looked at.
    const facts = await gatherFacts(
      context as CommandContext,
      { stateDir: this.stateDirectory, config: this.configPath },
      this.surroundings,
    )
    return runChecks(facts, new AbortController().signal)
  }
}
