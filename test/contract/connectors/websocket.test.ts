import { expect } from 'vitest'
import { AwaitedAnswers } from '../../../src/agents/answers/awaited-answers.ts'
import { Attachments } from '../../../src/agents/attachments/attachments.ts'
import { createLogger } from '../../../src/observability/log/logger.ts'
import type { TurnJson } from '../../../src/protocol/agent/turn-json.ts'
import { type Harness, startHarness } from '../support/control-harness.ts'
import type { WireClient } from '../support/wire-client.ts'
import { type Behaviour, describeConnector } from './connector-contract.ts'

const SECRET = 'sk-4711-of-the-program'

const answers = new AwaitedAnswers()
const attachments = new Attachments({
  accounts: () => ({ default: { agents: { ada: { connector: 'websocket', settings: {} } } } }),
  answers,
  changed: () => {},
  logger: createLogger({ level: 'silent' }),
})

/** A program on a real socket, which behaves as the test that runs wants it to. */
class Program {
  behaviour: Behaviour = 'answers'
  /** Turns that it works at, by what it does. */
  readonly open = new Map<string, Behaviour>()
  readonly #client: WireClient
  #hasFailed = false

  constructor(client: WireClient) {
    this.#client = client
    client.socket.on('message', (data: Buffer) => this.#take(data.toString()))
  }

  #take(text: string): void {
    // Frames of our own daemon.
    const { method, params } = JSON.parse(text) as { method?: string; params: { turn: unknown } }
    if (method === 'agent.cancel') this.open.delete(String(params.turn))
    if (method === 'agent.turn') void this.#answer(params.turn as TurnJson)
  }

  async #answer({ id: turn, messages }: TurnJson): Promise<void> {
    const { behaviour } = this
    const question = messages.map(({ text }) => text).join('\n')
    this.open.set(turn, behaviour)
    const done = (method: string, params: object = {}): void => {
      this.open.delete(turn)
      void this.#client.call(method, { turn, ...params })
    }
    if (behaviour === 'answers') {
      await this.#client.call('agent.delta', { turn, text: 'You said: ' })
      done('agent.done', { text: question })
    } else if (behaviour === 'says nothing') done('agent.done')
    else if (behaviour === 'refuses') done('agent.fail', { message: `${question} with ${SECRET}` })
    else if (behaviour === 'breaks' || (behaviour === 'comes back' && !this.#hasFailed)) {
      this.#hasFailed ||= behaviour === 'comes back'
      await this.#client.call('agent.delta', { turn, text: 'half an ans' })
      done('agent.fail')
    } else if (behaviour === 'comes back') done('agent.done', { text: question })
    else if (behaviour !== 'hangs') {
      const text = behaviour === 'floods' ? 'x'.repeat(5_000) : 'word '
      while (this.open.has(turn)) await this.#client.call('agent.delta', { turn, text })
    }
  }
}

let harness: Harness
let program: Program

describeConnector('websocket', {
  behaviours: ['answers', 'talks', 'hangs', 'refuses', 'breaks', 'floods', 'says nothing', 'comes back'],
  start: async () => {
    harness = await startHarness({
      agents: {
        attach: (peer, request) => attachments.attach(peer, request),
        take: (peer, turn, answer) => attachments.take(peer, turn, answer),
        takePosted: () => {},
      },
    })
    const client = await harness.ready()
    program = new Program(client)
    await client.request('agent.attach', { agent: 'ada' })
  },
  stop: () => harness.stop(),
  settings: (behaviour) => {
    program.behaviour = behaviour
    return {}
  },
  released: async (behaviour) => {
    await expect.poll(() => [...program.open.values()].includes(behaviour)).toBe(false)
  },
  env: {},
  secret: SECRET,
  surroundings: () => ({ attachments, answers }),
})
