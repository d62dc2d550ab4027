/**
 * What the daemon adds to an assistant's own time, for each kind of assistant. All of them take the same time and answer with the
 * question; `echo` takes none, and is what the others are compared with.
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
import { WhatsappdClient } from '../../../src/client/client.ts'
import type { TurnJson } from '../../../src/protocol/agent/turn-json.ts'
import type { Bot } from '../bots/bot.ts'
import { OurBot } from '../bots/ours.ts'
import type { FigureDefinition } from '../report/figures.ts'
import { percentile } from '../report/percentile.ts'
import type { Group, GroupSettings } from './group.ts'
import { linkedBot } from './linked-bot.ts'
import type { Measurement } from './measurement.ts'

/** How long an assistant takes by itself, milliseconds. */
const OWN_MS = 100
const WARM_UP_MESSAGES = 10
/** Questions to each assistant. */
const MESSAGES = 100
const ANSWERS_LIMIT_MS = 120_000
const AGENT_ID = 'helper'
const PROGRAM = fileURLToPath(new URL('./agent-program.mjs', import.meta.url))
/** What the simulated contact asks. */
const QUESTION = /message \d+: [^\n"\\]*\?/g

interface Subject {
  ownMs: number
  settings: Record<string, unknown>
  /** Once the daemon is there; answers how to end it. */
  attach?: (bot: Bot) => Promise<() => void>
}

/** Of each kind of assistant, by the name of its connector. */
const NAMES = ['echo', 'openai-chat', 'webhook', 'websocket', 'command', 'acp'] as const
type Name = (typeof NAMES)[number]

const figureOf = (name: Name): string => `added-${name}`
const ratioOf = (name: Name): string => `overhead-${name}`

/** What the daemon adds to an assistant's own time, one question at a time. */
export const agents: Group = {
  summary: "what the daemon adds to an assistant's own time, for each kind of assistant",
  subjects: ['ours'],
  rounds: 3,
  limitMs: 600_000,
  isUsual: false,
  figures: Object.fromEntries<FigureDefinition>([
    ...NAMES.map(
      (name) => [figureOf(name), { label: `added to an answer, ${name}, median`, unit: 'ms' }] as const,
    ),
    ...NAMES.slice(1).map(
      (name) => [ratioOf(name), { label: `${name} against echo`, unit: '×', checked: 'ours' }] as const,
    ),
  ]),
  measure: async (_, settings, measurement) => {
    const server = measurement.own(await startServer())
    const directory = mkdtempSync(join(tmpdir(), 'bench-agents-'))
    measurement.own({ stop: () => rmSync(directory, { recursive: true, force: true }) })
    const values: Record<string, number> = {}
    for (const name of NAMES)
      values[figureOf(name)] = await addedBy(name, { server, directory }, settings, measurement)
    const echo = values[figureOf('echo')] ?? Number.NaN
    for (const name of NAMES.slice(1)) values[ratioOf(name)] = (values[figureOf(name)] ?? Number.NaN) / echo
    return values
  },
}

interface Places {
  server: { origin: string }
  directory: string
}

function subjectOf(name: Name, { server, directory }: Places): Subject {
  const run = (mode: string): Record<string, unknown> => {
    const workingDirectory = join(directory, mode)
    mkdirSync(workingDirectory, { mode: 0o700 })
    return { program: process.execPath, args: [PROGRAM, mode, String(OWN_MS)], workingDirectory }
  }
  const subjects: Record<Name, () => Subject> = {
    echo: () => ({ ownMs: 0, settings: {} }),
    'openai-chat': () => ({ ownMs: OWN_MS, settings: { baseUrl: `${server.origin}/v1`, model: 'any' } }),
    webhook: () => ({ ownMs: OWN_MS, settings: { url: `${server.origin}/webhook` } }),
    websocket: () => ({ ownMs: OWN_MS, settings: {}, attach }),
    command: () => ({ ownMs: OWN_MS, settings: { mode: 'stay', ...run('stay') } }),
    acp: () => ({ ownMs: OWN_MS, settings: run('acp') }),
  }
  return subjects[name]()
}

/** Milliseconds beyond the assistant's own time, the median. */
async function addedBy(
  name: Name,
  places: Places,
  settings: GroupSettings,
  measurement: Measurement,
): Promise<number> {
  const { ownMs, settings: own, attach: join } = subjectOf(name, places)
  const { bot, simulator } = await linkedBot('ours', settings, measurement, {
    options: { channel: { agents: { [AGENT_ID]: { connector: name, ...own } } } },
  })
  const leave = await join?.(bot)
  await simulator.ask('converse', { messages: WARM_UP_MESSAGES })
  const messages = Math.min(MESSAGES, settings.load.roundTrips)
  const answers = simulator.ask('converse', { messages })
  const { roundTripsMs, unanswered } = await measurement.step(
    `questions to ${name}`,
    answers,
    ANSWERS_LIMIT_MS,
  )
  leave?.()
  await bot.halt()
  await simulator.stop()
  if (unanswered > 0) throw new Error(`${name} left ${unanswered} of ${messages} questions without an answer`)
  return percentile(roundTripsMs, 0.5) - ownMs
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

async function attach(bot: Bot): Promise<() => void> {
  if (!(bot instanceof OurBot)) throw new Error('only ours has assistants')
  const client = new WhatsappdClient({ ...bot.controlPlane, WebSocket })
  client.on('agent.turn', ({ turn: { id, messages } }) => {
    const text = messages.map((message) => message.text).join('\n')
    void delay(OWN_MS).then(() => client.request('agent.done', { turn: id, text }))
  })
  await client.connect()
  await client.request('agent.attach', { agent: AGENT_ID })
  return () => client.close()
}
