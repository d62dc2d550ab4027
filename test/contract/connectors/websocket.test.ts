import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import { AwaitedAnswers } from '../../../src/agents/answers/awaited-answers.ts'
import { Attachments } from '../../../src/agents/attachments/attachments.ts'
import { createLogger } from '../../../src/observability/log/logger.ts'
import type { TurnJson } from '../../../src/protocol/agent/turn-json.ts'
import { type Harness, startHarness } from '../support/control-harness.ts'
import type { WireClient } from '../support/wire-client.ts'
import { type Behaviour, describeConnector } from './connector-contract.ts'

const SECRET = 'sk-4711-of-the-program'

let changed = (): void => {}
const answers = new AwaitedAnswers()
const attachments = new Attachments({
  accounts: () => ({ default: { agents: { ada: { connector: 'websocket', settings: {} } } } }),
  answers,
  changed: () => changed(),
  logger: createLogger({ level: 'silent' }),
})

/** How long it is away when it starts. */
const START_MS = 300

/** A program on a real socket, which behaves as the test that runs wants it to. */
class Program {
  /** Turns that it works at, by what it does. */
  readonly open = new Map<string, Behaviour>()
  readonly #connect: () => Promise<WireClient>
  #behaviour: Behaviour = 'answers'
  #client: WireClient | null = null
  #hasFailed = false

  constructor(connect: () => Promise<WireClient>) {
    this.#connect = connect
  }

  async start(): Promise<void> {
    const client = await this.#connect()
    client.socket.on('message', (data: Buffer) => this.#take(client, data.toString()))
    this.#client = client
    await client.request('agent.attach', { agent: 'ada' })
  }

  behaveSo(behaviour: Behaviour): void {
    this.#behaviour = behaviour
    this.#hasFailed = false
    if (behaviour === 'starts slowly') void this.#startAgain()
  }

  async #startAgain(): Promise<void> {
    this.#client?.close()
    this.open.clear()
    await delay(START_MS)
    await this.start()
  }

  #take(client: WireClient, text: string): void {
    // Frames of our own daemon.
    const { method, params } = JSON.parse(text) as { method?: string; params: { turn: unknown } }
    if (method === 'agent.cancel') this.open.delete(String(params.turn))
    if (method === 'agent.turn') void this.#answer(client, params.turn as TurnJson)
  }

  async #answer(client: WireClient, { id: turn, messages }: TurnJson): Promise<void> {
    const behaviour = this.#behaviour
    const question = messages.map(({ text }) => text).join('\n')
    this.open.set(turn, behaviour)
    const done = (method: string, params: object = {}): void => {
      this.open.delete(turn)
      void client.call(method, { turn, ...params })
    }
    if (behaviour === 'says nothing') done('agent.done')
    else if (behaviour === 'refuses') done('agent.fail', { message: `${question} with ${SECRET}` })
    else if (behaviour === 'breaks') {
      await client.call('agent.delta', { turn, text: 'half an ans' })
      done('agent.fail')
    } else if (behaviour === 'comes back' && !this.#hasFailed) {
      this.#hasFailed = true
      await client.call('agent.delta', { turn, text: 'half an ans' })
      await this.#startAgain()
    } else if (TALKERS.includes(behaviour)) {
      const text = behaviour === 'talks' ? 'word ' : 'x'.repeat(5_000)
      while (this.open.has(turn)) await client.call('agent.delta', { turn, text })
    } else if (behaviour !== 'hangs') {
      await client.call('agent.delta', { turn, text: 'You said: ' })
      done('agent.done', { text: question })
    }
  }
}

const TALKERS: readonly Behaviour[] = ['talks', 'floods', 'never ends']

let harness: Harness
let program: Program

describeConnector('websocket', {
  behaviours: {
    answers: 'shown',
    talks: 'shown',
    hangs: 'shown',
    refuses: 'shown',
    breaks: 'shown',
    floods: 'shown',
    babbles: { never: 'the control plane refuses a frame that is no step of an answer, before the agent' },
    'never ends': 'shown',
    'says nothing': 'shown',
    'comes back': 'shown',
    'starts slowly': 'shown',
  },
  start: async () => {
    harness = await startHarness({
      agents: {
        attach: (peer, request) => attachments.attach(peer, request),
        take: (peer, turn, answer) => attachments.take(peer, turn, answer),
        takePosted: () => Promise.resolve(),
        offeredFile: (id) => answers.files.find(id),
        list: () => [],
      },
    })
    program = new Program(() => harness.ready())
    await program.start()
  },
  stop: () => harness.stop(),
  settings: (behaviour) => {
    program.behaveSo(behaviour)
    return {}
  },
  released: async (behaviour) => {
    await expect.poll(() => [...program.open.values()].includes(behaviour)).toBe(false)
  },
  env: {},
  secret: SECRET,
  surroundings: () => ({ attachments, answers }),
  onPresence: (call) => {
    changed = call
  },
})
