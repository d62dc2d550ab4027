/**
 * What the daemon adds to an assistant's own time, for each kind of assistant. All of them take the same time and answer with the
 * question; `echo` takes none, and is what the others are compared with. Run as `make bench ARGS=--agents`.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../src/client/client.ts'
import type { TurnJson } from '../../src/protocol/agent/turn-json.ts'
import { CONTACT } from './cast.ts'
import { OurBot } from './ours.ts'
import { percentile } from './percentile.ts'
import { SimulatorClient } from './simulator-client.ts'

/** How long an assistant takes by itself, milliseconds. */
const OWN_MS = 100
const WARM_UP_MESSAGES = 10
const AGENT_ID = 'helper'
const PROGRAM = fileURLToPath(new URL('./agent-program.mjs', import.meta.url))
/** What the simulated contact asks. */
const QUESTION = /message \d+: [^\n"\\]*\?/g

export interface AgentFigures {
  connector: string
  /** Beyond the assistant's own time, milliseconds a round trip. */
  p50Ms: number
  p99Ms: number
  unanswered: number
}

interface Subject {
  connector: string
  ownMs: number
  settings: Record<string, unknown>
  /** Once the daemon is there; answers how to end it. */
  attach?: (bot: OurBot) => Promise<() => void>
}

/** `messages`: questions to each assistant, one at a time. */
export async function measureAgents(
  program: string,
  messages: number,
  progress: (line: string) => void,
): Promise<AgentFigures[]> {
  const server = await startServer()
  const directory = mkdtempSync(join(tmpdir(), 'bench-agents-'))
  const run = (mode: string): Record<string, unknown> => {
    const workingDirectory = join(directory, mode)
    mkdirSync(workingDirectory, { mode: 0o700 })
    return { program: process.execPath, args: [PROGRAM, mode, String(OWN_MS)], workingDirectory }
  }
  const subjects: Subject[] = [
    { connector: 'echo', ownMs: 0, settings: {} },
    { connector: 'openai-chat', ownMs: OWN_MS, settings: { baseUrl: `${server.origin}/v1`, model: 'any' } },
    { connector: 'webhook', ownMs: OWN_MS, settings: { url: `${server.origin}/webhook` } },
    { connector: 'websocket', ownMs: OWN_MS, settings: {}, attach },
    { connector: 'command', ownMs: OWN_MS, settings: { mode: 'stay', ...run('stay') } },
    { connector: 'acp', ownMs: OWN_MS, settings: run('acp') },
  ]
  try {
    const figures: AgentFigures[] = []
    for (const subject of subjects) {
      figures.push(await measureOne(program, subject, messages))
      progress(`  ${subject.connector}: ${figures.at(-1)?.p50Ms.toFixed(1)} ms`)
    }
    return figures
  } finally {
    server.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function measureOne(
  program: string,
  { connector, ownMs, settings, attach: join }: Subject,
  messages: number,
): Promise<AgentFigures> {
  const simulator = new SimulatorClient()
  const bot = new OurBot({ program, channel: { agents: { [AGENT_ID]: { connector, ...settings } } } })
  let leave: (() => void) | undefined
  try {
    const { qr } = await bot.start(await simulator.start(), [CONTACT])
    await simulator.ask('scan', { qr })
    await bot.connected()
    leave = await join?.(bot)
    await simulator.ask('converse', { messages: WARM_UP_MESSAGES })
    const { roundTripsMs, unanswered } = await simulator.ask('converse', { messages })
    const added = roundTripsMs.map((tookMs) => tookMs - ownMs)
    return { connector, p50Ms: percentile(added, 0.5), p99Ms: percentile(added, 0.99), unanswered }
  } finally {
    leave?.()
    await bot.stop()
    await simulator.stop()
  }
}

/** A model and a webhook. */
async function startServer(): Promise<{ origin: string; stop: () => void }> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (bytes) => (body += String(bytes)))
    request.on('end', () => {
      const isWebhook = request.url === '/webhook'
      // What our own connectors send; a turn has what was said before behind the question.
      const asked = isWebhook ? JSON.stringify((JSON.parse(body) as TurnJson).messages) : body
      const question = asked.match(QUESTION)?.at(-1) ?? ''
      setTimeout(() => answer(isWebhook, question, response), OWN_MS)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // The address of a server that listens on a port.
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

function answer(isWebhook: boolean, text: string, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': isWebhook ? 'application/json' : 'text/event-stream' })
  if (isWebhook) response.end(JSON.stringify({ text }))
  else
    response.end(`data: ${JSON.stringify({ choices: [{ delta: { content: text } }] })}\n\ndata: [DONE]\n\n`)
}

async function attach(bot: OurBot): Promise<() => void> {
  const client = new WhatsappdClient({ ...bot.controlPlane, WebSocket })
  client.on('agent.turn', ({ turn: { id, messages } }) => {
    const text = messages.map((message) => message.text).join('\n')
    void delay(OWN_MS).then(() => client.request('agent.done', { turn: id, text }))
  })
  await client.connect()
  await client.request('agent.attach', { agent: AGENT_ID })
  return () => client.close()
}
