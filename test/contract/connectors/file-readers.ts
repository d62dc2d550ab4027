import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AwaitedAnswers } from '../../../src/agents/answers/awaited-answers.ts'
import { Attachments } from '../../../src/agents/attachments/attachments.ts'
import type { AgentSurroundings, ConnectorName } from '../../../src/agents/registry.ts'
import { createLogger } from '../../../src/observability/log/logger.ts'
import type { TurnJson } from '../../../src/protocol/agent/turn-json.ts'
import { ScriptedAcp } from '../../support/scripted-acp.ts'
import { ScriptedChatServer } from '../../support/scripted-chat-server.ts'
import { WebhookServer } from '../../support/webhook-server.ts'
import { LOCAL_TOKEN, startHarness } from '../support/control-harness.ts'

/** How the bytes of a file come to the other side. */
export type Way = 'path' | 'url' | 'request body' | 'image block' | 'resource_link'

/** What the other side of a connector got of one turn. */
interface Got {
  /** The bytes that it read, by their way; oldest first. */
  read: Partial<Record<Way, Buffer[]>>
  /** Everything that it was told, in words or fields. */
  told: string
}

/** A real program or server that reads the files of the turns it gets. */
export interface FileReader {
  settings: Record<string, unknown>
  surroundings?: Partial<AgentSurroundings>
  /** Of the turns so far, the last one. */
  got(): Got
  stop(): Promise<void> | void
}

export interface ReaderKind {
  /** The files of the contract that come by each way. */
  ways: Partial<Record<Way, readonly ('picture' | 'document')[]>>
  /** Whether what a message holds besides words comes in fields; otherwise its text has it. */
  hasFields: boolean
  start(): Promise<FileReader>
}

const BOTH = ['picture', 'document'] as const
const logger = createLogger({ level: 'silent' })
const json = (content: object): string => JSON.stringify(content)

/** What a program does with a turn that it was handed: it reads each file from where it is said to be. */
const READ_PATHS = `
const { readFileSync, writeFileSync } = require('node:fs')
const [, , record, mode] = process.argv
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { type, request, messages } = JSON.parse(line)
  if (type !== 'turn') return
  const files = messages.flatMap(({ attachments, quoted }) => [...(quoted?.attachments ?? []), ...attachments])
  const bytes = files.flatMap(({ path }) => (path ? [readFileSync(path).toString('base64')] : []))
  writeFileSync(record, JSON.stringify({ bytes, told: line }))
  if (mode !== 'stay') return process.stdout.write('read')
  process.stdout.write(JSON.stringify({ type: 'done', text: 'read', request }) + '\\n')
})
`

const program = (mode: 'per-turn' | 'stay'): ReaderKind => ({
  ways: { path: BOTH },
  hasFields: true,
  start: async () => {
    const directory = mkdtempSync(join(tmpdir(), 'reader-'))
    const [script, record] = [join(directory, 'read.cjs'), join(directory, 'record.json')]
    writeFileSync(script, READ_PATHS)
    return {
      settings: {
        program: process.execPath,
        args: [script, record, mode],
        mode,
        workingDirectory: directory,
      },
      got: () => {
        // As the program above writes it.
        const { bytes, told } = JSON.parse(readFileSync(record, 'utf8')) as { bytes: string[]; told: string }
        return { read: { path: bytes.map((each) => Buffer.from(each, 'base64')) }, told }
      },
      stop: () => rmSync(directory, { recursive: true, force: true }),
    }
  },
})

/** Reads each file by its path, and from the daemon as a program on another machine does. */
async function readBoth(turn: TurnJson, daemon: string): Promise<Got> {
  const read: { path: Buffer[]; url: Buffer[] } = { path: [], url: [] }
  for (const { attachments, quoted } of turn.messages) {
    for (const { path, url } of [...(quoted?.attachments ?? []), ...attachments]) {
      if (path !== null) read.path.push(readFileSync(path))
      if (url === undefined) continue
      const response = await fetch(daemon + url, { headers: { authorization: `Bearer ${LOCAL_TOKEN}` } })
      if (response.ok) read.url.push(Buffer.from(await response.arrayBuffer()))
    }
  }
  return { read, told: json(turn) }
}

/** A control plane whose turns have files. */
function startDaemon(answers: AwaitedAnswers, attachments?: Attachments): ReturnType<typeof startHarness> {
  return startHarness({
    agents: {
      attach: (peer, request) => attachments?.attach(peer, request) ?? { accounts: [] },
      take: (peer, turn, answer) => attachments?.take(peer, turn, answer) ?? null,
      takePosted: () => Promise.resolve(),
      offeredFile: (id) => answers.files.find(id),
      list: () => [],
    },
  })
}

const NOTHING: Got = { read: {}, told: '' }

const attachedProgram: ReaderKind = {
  ways: { path: BOTH, url: BOTH },
  hasFields: true,
  start: async () => {
    const answers = new AwaitedAnswers()
    const attachments = new Attachments({
      accounts: () => ({ default: { agents: { ada: { connector: 'websocket', settings: {} } } } }),
      answers,
      changed: () => {},
      logger,
    })
    const daemon = await startDaemon(answers, attachments)
    const client = await daemon.ready()
    let got = NOTHING
    client.socket.on('message', (data: Buffer) => {
      // Frames of our own daemon.
      const { method, params } = JSON.parse(data.toString()) as {
        method?: string
        params: { turn: TurnJson }
      }
      if (method !== 'agent.turn') return
      void readBoth(params.turn, daemon.http).then((read) => {
        got = read
        return client.call('agent.done', { turn: params.turn.id, text: 'read' })
      })
    })
    await client.request('agent.attach', { agent: 'ada' })
    return { settings: {}, surroundings: { attachments, answers }, got: () => got, stop: () => daemon.stop() }
  },
}

const webhook: ReaderKind = {
  ways: { path: BOTH, url: BOTH },
  hasFields: true,
  start: async () => {
    const answers = new AwaitedAnswers()
    const daemon = await startDaemon(answers)
    let got = NOTHING
    const server = await WebhookServer.start({
      turns: async ({ turn }, response) => {
        got = await readBoth(turn, daemon.http)
        response.writeHead(200, { 'content-type': 'application/json' }).end(json({ text: 'read' }))
      },
    })
    return {
      settings: {
        url: server.urlOf('turns'),
        secret: { literal: `whsec_${Buffer.alloc(24, 1).toString('base64')}` },
      },
      surroundings: { answers },
      got: () => got,
      stop: async () => {
        await server.stop()
        await daemon.stop()
      },
    }
  },
}

interface ChatPart {
  type: string
  text?: string
  image_url?: { url: string }
  file?: { file_data: string }
}

const fromDataUrl = (url: string): Buffer => Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')

const openAiChat: ReaderKind = {
  ways: { 'request body': BOTH },
  hasFields: false,
  start: async () => {
    const server = new ScriptedChatServer()
    const message = { role: 'assistant', content: 'read' }
    server.answers = [
      { body: [json({ choices: [{ message }] })], headers: { 'content-type': 'application/json' } },
    ]
    await server.start()
    return {
      settings: { baseUrl: server.baseUrl, model: 'm', files: true },
      got: () => {
        // Text alone, or parts.
        const content = server.requests.at(-1)?.messages.at(-1)?.content as string | ChatPart[] | undefined
        const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? [])
        const files = parts.flatMap(
          ({ image_url: image, file }: ChatPart) => image?.url ?? file?.file_data ?? [],
        )
        const told = parts.map(({ text }) => text ?? '').join('\n')
        return { read: { 'request body': files.map(fromDataUrl) }, told }
      },
      stop: () => server.stop(),
    }
  },
}

interface PromptBlock {
  type: string
  text?: string
  data?: string
  uri?: string
}

const acp: ReaderKind = {
  ways: { 'image block': ['picture'], resource_link: ['document'] },
  hasFields: false,
  start: async () => {
    const agents = new ScriptedAcp()
    const abilities = { promptCapabilities: { image: true } }
    return {
      settings: { ...agents.settings({ does: 'answers', abilities }), environment: {} },
      got: () => {
        // Blocks of the protocol, as our daemon sends them.
        const blocks = agents.calls('session/prompt').at(-1)?.['prompt'] as PromptBlock[]
        const images = blocks.filter(({ type }) => type === 'image')
        const links = blocks.filter(({ type }) => type === 'resource_link')
        return {
          read: {
            'image block': images.map(({ data = '' }) => Buffer.from(data, 'base64')),
            resource_link: links.map(({ uri = '' }) => readFileSync(fileURLToPath(uri))),
          },
          told: blocks.map(({ text }) => text ?? '').join('\n'),
        }
      },
      stop: () => agents.remove(),
    }
  },
}

/** By connector, each kind of other side; of one without any, why. A connector that is forgotten does not compile. */
export const FILE_READERS: Readonly<
  Record<ConnectorName, Readonly<Record<string, ReaderKind>> | { never: string }>
> = {
  acp: { 'an agent': acp },
  command: { 'a program for each turn': program('per-turn'), 'a program that stays': program('stay') },
  demo: { never: 'its script is in this process' },
  echo: { never: 'it is in this process' },
  'openai-chat': { 'a chat server': openAiChat },
  webhook: { 'a server': webhook },
  websocket: { 'an attached program': attachedProgram },
}
