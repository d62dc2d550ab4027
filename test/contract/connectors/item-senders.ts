import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { AwaitedAnswers } from '../../../src/agents/answers/awaited-answers.ts'
import { Attachments } from '../../../src/agents/attachments/attachments.ts'
import type { AgentSurroundings, ConnectorName } from '../../../src/agents/registry.ts'
import { createLogger } from '../../../src/observability/log/logger.ts'
import { ScriptedAcp } from '../../support/scripted-acp.ts'
import { ScriptedChatServer } from '../../support/scripted-chat-server.ts'
import { type PostedTurn, WebhookServer } from '../../support/webhook-server.ts'
import { LOCAL_TOKEN, startHarness } from '../support/control-harness.ts'

/** What an answer may hold besides words. */
export type ItemKind =
  | 'image'
  | 'voice'
  | 'audio'
  | 'video'
  | 'document'
  | 'sticker'
  | 'location'
  | 'contact'
  | 'poll'
  | 'reaction'
  | 'quote'
  | 'contact field'

/** A step of an answer as docs/media.md has it, right or wrong. */
export type Step = Readonly<Record<string, unknown>>

/** A real program or server that answers as it is told. */
export interface ItemSender {
  settings: Record<string, unknown>
  surroundings?: Partial<AgentSurroundings>
  /** Every question from now on is answered with these steps, without their end. */
  answer(steps: readonly Step[]): void
  stop(): Promise<void> | void
}

export interface SenderKind {
  /** An item that is forgotten does not compile. */
  items: Readonly<Record<ItemKind, 'shown' | { never: string }>>
  /** Whether it names files by their paths, in `directory`. */
  hasDirectory: boolean
  start(directory: string): Promise<ItemSender>
}

const ALL: SenderKind['items'] = {
  image: 'shown',
  voice: 'shown',
  audio: 'shown',
  video: 'shown',
  document: 'shown',
  sticker: 'shown',
  location: 'shown',
  contact: 'shown',
  poll: 'shown',
  reaction: 'shown',
  quote: 'shown',
  'contact field': 'shown',
}

const none = (never: string): SenderKind['items'] => ({
  image: { never },
  voice: { never },
  audio: { never },
  video: { never },
  document: { never },
  sticker: { never },
  location: { never },
  contact: { never },
  poll: { never },
  reaction: { never },
  quote: { never },
  'contact field': { never },
})

const DONE: Step = { type: 'done' }
const lines = (steps: readonly Step[]): string => steps.map((step) => `${JSON.stringify(step)}\n`).join('')

/** Writes the steps of a file as its answer; with `stay` each with its request. */
const WRITE_STEPS = `
const { readFileSync } = require('node:fs')
const [, , path, mode] = process.argv
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { type, request } = JSON.parse(line)
  if (type !== 'turn') return
  for (const step of readFileSync(path, 'utf8').trim().split('\\n'))
    process.stdout.write(mode === 'stay' ? step.replace('{', '{"request":"' + request + '",') + '\\n' : step + '\\n')
})
`

const program = (mode: 'turn' | 'stay'): SenderKind => ({
  items: ALL,
  hasDirectory: true,
  start: async (directory) => {
    const place = mkdtempSync(join(tmpdir(), 'sender-'))
    const [script, steps] = [join(place, 'write.cjs'), join(place, 'steps.jsonl')]
    writeFileSync(script, WRITE_STEPS)
    return {
      settings: {
        program: process.execPath,
        args: [script, steps, mode],
        mode,
        workingDirectory: directory,
        ...(mode === 'turn' && { output: 'jsonl' }),
      },
      answer: (given) => writeFileSync(steps, lines([...given, DONE])),
      stop: () => rmSync(place, { recursive: true }),
    }
  },
})

/** What one frame has room for, in base64. */
const PIECE = 48_000

/** A long file in pieces, as an attached program sends it. */
function inPieces(step: Step): Step[] {
  const { data, ...rest } = step
  if (step['type'] !== 'media' || typeof data !== 'string' || data.length <= PIECE) return [step]
  const pieces = Array.from({ length: Math.ceil(data.length / PIECE) }, (_, index) => ({
    type: 'data',
    data: data.slice(index * PIECE, (index + 1) * PIECE),
  }))
  return [...pieces, rest]
}

const attachedProgram: SenderKind = {
  items: ALL,
  hasDirectory: false,
  start: async () => {
    const answers = new AwaitedAnswers()
    const attachments = new Attachments({
      accounts: () => ({ default: { agents: { ada: { connector: 'websocket', settings: {} } } } }),
      answers,
      changed: () => {},
      logger: createLogger({ level: 'silent' }),
    })
    const daemon = await startHarness({
      agents: {
        attach: (peer, request) => attachments.attach(peer, request),
        take: (peer, turn, answer) => attachments.take(peer, turn, answer),
        takePosted: () => Promise.resolve(),
        offeredFile: () => null,
        list: () => [],
      },
    })
    const client = await daemon.ready()
    let given: readonly Step[] = []
    const answer = async (turn: string): Promise<void> => {
      // Goes on after a step that is refused.
      for (const step of given.flatMap(inPieces))
        await (step['type'] === 'delta'
          ? client.call('agent.delta', { turn, text: step['text'] })
          : client.call('agent.part', { turn, part: step }))
      await client.call('agent.done', { turn })
    }
    client.socket.on('message', (data: Buffer) => {
      // Frames of our own daemon.
      const { method, params } = JSON.parse(data.toString()) as {
        method?: string
        params: { turn: { id: string } }
      }
      if (method === 'agent.turn') void answer(params.turn.id)
    })
    await client.request('agent.attach', { agent: 'ada' })
    return {
      settings: {},
      surroundings: { attachments, answers },
      answer: (steps) => (given = steps),
      stop: () => daemon.stop(),
    }
  },
}

const webhook = (isLater: boolean): SenderKind => ({
  items: ALL,
  hasDirectory: false,
  start: async () => {
    const answers = new AwaitedAnswers()
    const daemon = await startHarness({
      agents: {
        attach: () => ({ accounts: [] }),
        take: () => null,
        takePosted: (turn, answer) => answers.takeWhenRoom(turn, 'posted', answer),
        offeredFile: () => null,
        list: () => [],
      },
    })
    let given: readonly Step[] = []
    const respond = async ({ turn }: PostedTurn, response: ServerResponse): Promise<void> => {
      const body = lines([...given, DONE])
      const type = { 'content-type': 'application/x-ndjson' }
      if (!isLater) return void response.writeHead(200, type).end(body)
      response.writeHead(202).end()
      const headers = { ...type, authorization: `Bearer ${LOCAL_TOKEN}` }
      await fetch(`${daemon.http}/v1/turns/${turn.id}`, { method: 'POST', headers, body })
    }
    const server = await WebhookServer.start({ turns: respond })
    return {
      settings: {
        url: server.urlOf('turns'),
        secret: { literal: `whsec_${Buffer.alloc(24, 1).toString('base64')}` },
      },
      surroundings: { answers },
      answer: (steps) => (given = steps),
      stop: async () => {
        await server.stop()
        await daemon.stop()
      },
    }
  },
})

/** As a content block of the Agent Client Protocol. */
function toBlock({ type, kind, data, path, text, ...others }: Step): Step {
  const { name, mimeType } = others
  if (type === 'delta') return { type: 'text', text }
  if (type !== 'media') return { ...others, type: `_${String(type)}` }
  if (typeof path === 'string') return { type: 'resource_link', name, mimeType, uri: uriOf(path) }
  if (kind === 'image' || kind === 'audio') return { type: kind, data, mimeType }
  return { type: 'resource', resource: { uri: `file:///${String(name)}`, mimeType, blob: data } }
}

const uriOf = (path: string): string => (path.startsWith('/') ? pathToFileURL(path).href : path)

const NO_BLOCK = 'the protocol has no content block for it'

const acp: SenderKind = {
  items: { ...none(NO_BLOCK), image: 'shown', audio: 'shown', video: 'shown', document: 'shown' },
  hasDirectory: true,
  start: async (directory) => {
    const agents = new ScriptedAcp()
    const blocks = join(agents.directory, 'blocks.json')
    return {
      settings: {
        ...agents.settings({ does: 'shows', blocks }),
        environment: {},
        workingDirectory: directory,
      },
      answer: (steps) => writeFileSync(blocks, JSON.stringify(steps.map(toBlock))),
      stop: () => agents.remove(),
    }
  },
}

/** As a chunk of a chat completion, with a picture as OpenRouter and LiteLLM give it. */
function toDelta({ type, data, mimeType, text }: Step): Step {
  if (type === 'delta') return { content: text }
  return {
    images: [
      {
        type: 'image_url',
        image_url: { url: `data:${String(mimeType)};base64,${typeof data === 'string' ? data : ''}` },
      },
    ],
  }
}

const openAiChat: SenderKind = {
  items: { ...none('a chat completion has words and pictures'), image: 'shown' },
  hasDirectory: false,
  start: async () => {
    const server = new ScriptedChatServer()
    await server.start()
    return {
      settings: { baseUrl: server.baseUrl, model: 'm' },
      answer: (steps) => {
        const chunks = [
          ...steps.map((step) => ({ choices: [{ delta: toDelta(step) }] })),
          { choices: [{ delta: {}, finish_reason: 'stop' }] },
        ]
        const body = [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), 'data: [DONE]\n\n']
        server.answers = [{ body, headers: { 'content-type': 'text/event-stream' } }]
      },
      stop: () => server.stop(),
    }
  },
}

/** By connector, each kind of other side; of one without any, why. A connector that is forgotten does not compile. */
export const ITEM_SENDERS: Readonly<
  Record<ConnectorName, Readonly<Record<string, SenderKind>> | { never: string }>
> = {
  acp: { 'an agent': acp },
  command: { 'a program for each turn': program('turn'), 'a program that stays': program('stay') },
  demo: { never: 'its script is in this process: test/unit/agents/connectors/demo' },
  echo: { never: 'the words come back, and nothing else' },
  'openai-chat': { 'a chat server': openAiChat },
  webhook: { 'a server that answers at once': webhook(false), 'one that answers later': webhook(true) },
  websocket: { 'an attached program': attachedProgram },
}
