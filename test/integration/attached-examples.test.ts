import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { issueOwnToken } from '../../src/control/auth/issue-own-token.ts'
import { EXAMPLE_PROGRAMS } from '../support/example-programs.ts'
import { pngFile } from '../support/media-files.ts'
import { OWNER, Stack } from '../support/stack.ts'

const REPOSITORY = join(import.meta.dirname, '../..')

/** A way to the daemon that can be cut. */
class Way {
  readonly #sockets = new Set<Socket>()
  readonly #server: Server
  readonly #port: number

  private constructor(server: Server, port: number) {
    this.#server = server
    this.#port = port
  }

  static async to(daemonPort: number): Promise<Way> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    // The address of a server that listens on a port.
    const way = new Way(server, (server.address() as AddressInfo).port)
    server.on('connection', (near) => {
      const far = connect(daemonPort, '127.0.0.1')
      for (const socket of [near, far]) {
        way.#sockets.add(socket)
        socket.on('error', () => {})
        socket.once('close', () => {
          way.#sockets.delete(socket)
          near.destroy()
          far.destroy()
        })
      }
      near.pipe(far).pipe(near)
    })
    return way
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/v1/ws`
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

let stack: Stack
let way: Way
let program: ChildProcess
afterEach(async () => {
  program.kill()
  await way.close()
  await stack.stop()
})

it.each(EXAMPLE_PROGRAMS)(
  'the example in %s answers, comes back after its connection was cut, and makes way for a second one',
  async (_language, command, args) => {
    stack = await Stack.start({
      channel: { agents: { ada: { connector: 'websocket', waitSeconds: 60 } }, defaultAgent: 'ada' },
    })
    await stack.link()
    way = await Way.to(Number(new URL(stack.url).port))
    const localToken = readFileSync(join(stack.stateDir, 'token'), 'utf8').trim()
    const tokenFile = join(stack.directory, 'assistant-token')
    const grant = { scopes: ['agent' as const], lifetimeSeconds: 600, subject: 'assistant' }
    writeFileSync(tokenFile, await issueOwnToken(localToken, grant, new Date()))
    const start = (): ChildProcess =>
      spawn(command, [...args, way.url, tokenFile, 'ada'], {
        cwd: REPOSITORY,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
    program = start()
    let complaints = ''
    program.stderr?.on('data', (chunk: Buffer) => (complaints += chunk.toString()))

    await stack.alice.sendText(OWNER, 'one')
    await stack.alice.waitForText('Hello *Alice*, you said: one', 20_000)
    const picture = Buffer.concat([pngFile(40, 30), randomBytes(70_000)])
    await stack.alice.sendMedia(OWNER, { kind: 'image', data: picture })
    const { media } = await stack.alice.waitForText((message) => message.media !== undefined, 20_000)
    const sha256 = createHash('sha256').update(picture).digest('hex')
    expect(media).toMatchObject({ kind: 'image', size: picture.length, sha256, problem: null })
    way.cut()
    await stack.until('the program to be away', () => stack.account().assistant?.ok === false)
    await stack.alice.sendText(OWNER, 'two')
    await stack.alice.waitForText('Hello *Alice*, you said: two', 20_000)
    const second = start()
    await once(program, 'exit')
    await stack.alice.sendText(OWNER, 'three')
    await stack.alice.waitForText('Hello *Alice*, you said: three', 20_000)
    second.kill()
    expect(stack.alice.received).toHaveLength(5)
    expect(complaints).toBe('')
  },
)
