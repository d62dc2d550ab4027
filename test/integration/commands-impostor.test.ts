import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { CommandLine } from '../support/command-line.ts'
import { Stack } from '../support/stack.ts'

// A daemon that was killed leaves its address behind, and anybody may take its port and its process id afterwards.

const HELLO = {
  jsonrpc: '2.0',
  method: 'server.hello',
  params: { name: 'whatsappd', version: '0.1.0', minProtocolVersion: 1, maxProtocolVersion: 1 },
}

type Answer = (frame: { id: number; method: string; params: Record<string, unknown> }) => unknown

/** Another program at the daemon's address. It keeps everything that it is told. */
class Impostor {
  heard = ''
  readonly #answer: Answer
  readonly #http: Server
  readonly #sockets: WebSocketServer

  constructor(answer: Answer) {
    this.#answer = answer
    this.#http = createServer((request, response) => {
      this.#note(request)
      request.on('data', (chunk: Buffer) => (this.heard += chunk.toString()))
      response.end('{"status":"ok","link":"http://127.0.0.1:1/#code=x"}')
    })
    this.#sockets = new WebSocketServer({ server: this.#http })
    this.#sockets.on('connection', (socket, request) => {
      this.#note(request)
      this.#greet(socket)
    })
  }

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve))
    return portOf(this.#http)
  }

  async stop(): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate()
    this.#http.closeAllConnections()
    await new Promise<void>((resolve) => this.#http.close(() => resolve()))
  }

  #note({ method, url, rawHeaders }: IncomingMessage): void {
    this.heard += `${method} ${url} ${rawHeaders.join(' ')}\n`
  }

  #greet(socket: WebSocket): void {
    socket.send(JSON.stringify(HELLO))
    socket.on('message', (data: Buffer) => {
      const text = data.toString()
      this.heard += `${text}\n`
      const frame = JSON.parse(text) as Parameters<Answer>[0]
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: frame.id, ...(this.#answer(frame) as object) }))
    })
  }
}

function portOf(server: { address(): unknown }): number {
  return (server.address() as AddressInfo).port
}

const COMMANDS = [
  ['status'],
  ['open'],
  ['link'],
  ['logout', '--yes'],
  ['accounts', 'list'],
  ['outbox', 'list'],
  ['send', '+15550000002', 'hello'],
]

const IMPOSTORS: [name: string, answer: Answer][] = [
  ['agrees to everything', () => ({ result: {} })],
  ['sends every challenge back', ({ params }) => ({ result: { proof: params['challenge'], ...params } })],
  ['makes a proof up', () => ({ result: { proof: 'x'.repeat(43) } })],
  [
    'knows no proof, as a daemon of an earlier version',
    () => ({ error: { code: -32001, message: 'no', data: { code: 'unauthorized', retryable: false } } }),
  ],
]

describe('another program at the address of a daemon that was killed', () => {
  let stack: Stack
  let stop: () => Promise<void> = () => Promise.resolve()
  const token = (): string => readFileSync(join(stack.stateDir, 'token'), 'utf8').trim()
  /** As after SIGKILL, with the process id given to somebody else. */
  const leaveAddress = (port: number): void =>
    writeFileSync(
      join(stack.stateDir, 'daemon.json'),
      JSON.stringify({ host: '127.0.0.1', port, pid: process.pid }),
      {
        mode: 0o600,
      },
    )
  afterEach(async () => {
    await stop()
    await stack.stop()
  })

  it.each(IMPOSTORS)('%s: it gets no token from any command', async (_name, answer) => {
    stack = await Stack.start()
    await stack.stopDaemon()
    const impostor = new Impostor(answer)
    stop = () => impostor.stop()
    const port = await impostor.start()
    leaveAddress(port)
    for (const command of COMMANDS) {
      const { code, stdout, stderr } = await CommandLine.run([...command, '--state-dir', stack.stateDir])
      expect({ code, stdout }, command.join(' ')).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain(`127.0.0.1:${port}`)
      expect(stderr).toContain('does not prove that it is the daemon of the state dir')
      expect(stderr).toContain('whatsappd run')
    }
    expect(impostor.heard).toContain('/v1/ws')
    expect(impostor.heard).not.toContain(token())
    // Nor anything that a token was signed with.
    expect(impostor.heard).not.toMatch(/bearer|authenticate/i)
  })

  it('asks the real daemon, which listens elsewhere, for the proof: it is no proof of this address', async () => {
    stack = await Stack.start()
    const target = Number(new URL(stack.url).port)
    let heard = ''
    const relay = createTcpServer((socket) => {
      const onward = connect(target, '127.0.0.1')
      socket.on('data', (chunk) => (heard += chunk.toString('latin1')))
      socket.on('error', () => onward.destroy())
      onward.on('error', () => socket.destroy())
      socket.pipe(onward).pipe(socket)
    })
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
    stop = () => new Promise((resolve) => relay.close(() => resolve()))
    leaveAddress(portOf(relay))
    const { code, stderr } = await CommandLine.run(['status', '--state-dir', stack.stateDir])
    expect(code).toBe(1)
    expect(stderr).toContain('does not prove that it is the daemon')
    // A client masks its frames: what a relay lets through would have been answered.
    expect(heard).toContain('/v1/ws')
    leaveAddress(target)
    expect(await CommandLine.run(['status', '--state-dir', stack.stateDir])).toMatchObject({ code: 0 })
  })
})
