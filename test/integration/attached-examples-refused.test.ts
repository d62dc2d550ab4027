import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { toTurnJson } from '../../src/agents/turn-json/turn-json.ts'
import { EXAMPLE_PROGRAMS } from '../support/example-programs.ts'
import { turnOf } from '../support/turn-of.ts'

const REPOSITORY = join(import.meta.dirname, '../..')

interface Call {
  method: string
  params: Record<string, unknown>
  succeed: () => void
  refuse: (code: string) => void
  send: (method: string, params: object) => void
  hangUp: (code: number) => void
}

const RESULTS: Readonly<Record<string, object>> = {
  'session.authenticate': { scopes: ['agent'], expiresAt: null, methods: [] },
  'session.subscribe': { eventId: 0, at: new Date(0).toISOString(), replayed: 0, gap: false },
  'agent.attach': { accounts: ['default'] },
}

/** A control plane that does what the test says, also what the daemon does only when the moment is unlucky. */
async function controlPlane(called: (call: Call) => void): Promise<string> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  onTestFinished(() => {
    for (const client of server.clients) client.terminate()
    server.close()
  })
  server.on('connection', (socket) => converse(socket, called))
  // The address of a server that listens on a port.
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function converse(socket: WebSocket, called: (call: Call) => void): void {
  const write = (frame: object): void => socket.send(JSON.stringify({ jsonrpc: '2.0', ...frame }))
  const send = (method: string, params: object): void =>
    write({ method, params: { eventId: null, at: new Date(0).toISOString(), ...params } })
  socket.on('message', (data) => {
    // A frame of the program under test; `ws` gives it as one buffer.
    const { id, method, params } = JSON.parse((data as Buffer).toString()) as { id: number } & Pick<
      Call,
      'method' | 'params'
    >
    const succeed = (): void => write({ id, result: RESULTS[method] ?? {} })
    const refuse = (code: string): void =>
      write({ id, error: { code: -32_000, message: `no: ${code}`, data: { code, retryable: false } } })
    called({ method, params, succeed, refuse, send, hangUp: (code) => socket.close(code) })
  })
  send('server.hello', { name: 'whatsappd', version: '0', minProtocolVersion: 1, maxProtocolVersion: 1 })
}

/** The example, and all that it has printed. */
function run(command: string, args: string[], url: string): { program: ChildProcess; output: () => string } {
  const directory = mkdtempSync(join(tmpdir(), 'whatsappd-example-'))
  writeFileSync(join(directory, 'token'), 'a token')
  const program = spawn(command, [...args, url, join(directory, 'token'), 'ada'], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [program.stdout, program.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  onTestFinished(() => {
    program.kill()
    rmSync(directory, { recursive: true, force: true })
  })
  return { program, output: () => output }
}

const PATIENCE = { timeout: 20_000 }
const turn = { account: 'default', agent: 'ada', turn: toTurnJson(turnOf({ text: 'one' })) }

// The answer to a request whose turn was taken back ended the program in Python.
it.each(EXAMPLE_PROGRAMS)(
  'the example in %s goes on when a turn is taken back in the middle and comes again',
  async (_language, command, args) => {
    const answered: unknown[] = []
    const url = await controlPlane(({ method, params, succeed, send }) => {
      if (method === 'agent.delta' || method === 'agent.done') answered.push(params['text'] ?? method)
      if (answered.length === 1) {
        send('agent.cancel', { turn: 'T' })
        send('agent.turn', turn)
      }
      succeed()
      if (method === 'agent.attach') send('agent.turn', turn)
    })
    const { program, output } = run(command, args, url)
    await expect.poll(() => answered.includes('agent.done'), PATIENCE).toBe(true)
    expect(answered).toEqual(['Hello **you**, ', 'Hello **you**, ', 'you said: one', 'agent.done'])
    expect(output()).not.toMatch(/error|not answered/i)
    expect(program.exitCode).toBe(null)
  },
)

it.each(EXAMPLE_PROGRAMS)(
  'the example in %s says why it may not attach, and goes on',
  async (_language, command, args) => {
    const url = await controlPlane(({ method, succeed, refuse }) =>
      method === 'agent.attach' ? refuse('agent_not_found') : succeed(),
    )
    const { program, output } = run(command, args, url)
    await expect.poll(output, PATIENCE).toContain('not attached: no: agent_not_found')
    expect(program.exitCode).toBe(null)
  },
)

// The one in TypeScript ended at the first refusal that a new token did not follow at once.
it.each(EXAMPLE_PROGRAMS)(
  'the example in %s comes back when its token is refused for a while',
  async (_language, command, args) => {
    let refusals = 0
    let isAttached = false
    const url = await controlPlane(({ method, succeed, refuse, hangUp }) => {
      isAttached ||= method === 'agent.attach'
      if (method !== 'session.authenticate' || refusals === 2) return succeed()
      refusals += 1
      refuse('unauthorized')
      hangUp(4401)
    })
    run(command, args, url)
    await expect.poll(() => isAttached, PATIENCE).toBe(true)
  },
)
