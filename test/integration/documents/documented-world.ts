import { spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../../src/client/client.ts'
import { BUILT_MAIN, CommandLine } from '../../support/command-line.ts'

const REPOSITORY = join(import.meta.dirname, '../../..')
/** The phone that is linked, and the people whom the documents write to. */
const OWNER = '+15555550100'
const FRIEND = '+15555550123'
/** A block that takes longer hangs. */
const BLOCK_LIMIT_MS = 90_000

/**
 * What a reader has who tries a command: a home, `whatsappd` in the path, a daemon that is linked to a (simulated) phone. Only its port
 * and the place of its state directory are not those of the documents.
 */
export class DocumentedWorld {
  readonly #directory = mkdtempSync(join(tmpdir(), 'documented-'))
  readonly #work = join(this.#directory, 'work')
  readonly #kept = join(this.#work, 'demo')
  #demo: CommandLine | null = null
  #port = 0

  static async start(): Promise<DocumentedWorld> {
    const world = new DocumentedWorld()
    world.#layOut()
    await world.#startDemo()
    await world.#link()
    return world
  }

  /** Runs a block of a page in bash, in the home of that page's reader. `says`: it is ended when it has said that. The output is of both streams. */
  async run(page: string, text: string, says?: RegExp): Promise<{ code: number | null; output: string }> {
    const home = join(this.#directory, 'homes', page)
    mkdirSync(home, { recursive: true })
    const child = spawn('bash', ['-c', `set -e -o pipefail\n${this.#here(text)}`], {
      cwd: this.#work,
      env: {
        PATH: `${join(this.#directory, 'bin')}:${process.env['PATH']}`,
        HOME: home,
        WHATSAPPD_STATE_DIR: join(this.#kept, 'state'),
      },
      // A group of its own: what stays is ended with all that it started.
      detached: true,
    })
    let output = ''
    const end = (): void => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT')
    }
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (piece: string) => {
        output += piece
        if (says?.test(output) === true) end()
      })
    child.stdin.end()
    const limit = setTimeout(end, BLOCK_LIMIT_MS)
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
    clearTimeout(limit)
    return { code, output }
  }

  async stop(): Promise<void> {
    await this.#demo?.end()
    rmSync(this.#directory, { recursive: true, force: true })
  }

  /** The same block for this world: the daemon's port is a free one, and what the demo keeps is in use already. */
  #here(text: string): string {
    return text
      .replaceAll('127.0.0.1:8765', `127.0.0.1:${this.#port}`)
      .replaceAll('~/.local/state/whatsappd', '"$WHATSAPPD_STATE_DIR"')
      .split('\n')
      .map((line) => (line.startsWith('whatsappd demo ') ? anotherDemo(line) : line))
      .join('\n')
  }

  #layOut(): void {
    for (const name of ['bin', 'work']) mkdirSync(join(this.#directory, name))
    const command = join(this.#directory, 'bin/whatsappd')
    writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${BUILT_MAIN}' "$@"\n`)
    chmodSync(command, 0o755)
    cpSync(join(REPOSITORY, 'sandbox.config.example.json5'), join(this.#work, 'sandbox.config.example.json5'))
    writeFileSync(join(this.#work, 'plan.pdf'), '%PDF-1.4\n%%EOF\n')
  }

  async #startDemo(): Promise<void> {
    this.#demo = new CommandLine(['demo', '--api', '--port', '0', '--state-dir', this.#kept])
    const [, port = ''] = await this.#demo.waitFor(/api {5}http:\/\/127\.0\.0\.1:(\d+)\/v1\/simulator/)
    this.#port = Number(port)
  }

  async #link(): Promise<void> {
    const token = readFileSync(join(this.#kept, 'state/token'), 'utf8').trim()
    const client = new WhatsappdClient({ url: `ws://127.0.0.1:${this.#port}/v1/ws`, token, WebSocket })
    const connected = new Promise<void>((resolve) => {
      client.on('account.status', ({ state }) => {
        if (state === 'connected') resolve()
      })
    })
    try {
      await client.connect()
      await this.#simulate(token, '/phones', { phoneNumber: FRIEND, name: 'Friend' })
      await client.request('config.addAllowFrom', { allowFrom: [FRIEND] })
      const offer = await client.request('accounts.link', { method: 'qr' })
      if (offer.method !== 'qr') throw new Error('asked for a QR and got something else')
      await this.#simulate(token, `/phones/${OWNER}/scan`, { qr: offer.qr })
      await connected
    } finally {
      client.close()
    }
  }

  async #simulate(token: string, path: string, body: object): Promise<void> {
    const answer = await fetch(`http://127.0.0.1:${this.#port}/v1/simulator${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  }
}

/** A demo beside the one that runs, as the line starts it: elsewhere, on a free port. Only the first line of a block is reached. */
function anotherDemo(line: string): string {
  return `${line.replace('./demo', './another-demo').replace(/ *#.*/, '')} --port 0`
}
