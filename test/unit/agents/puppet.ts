import { vi } from 'vitest'
import type { Agent, AnsweringAgent, ReplyPart, Turn } from '../../../src/agents/agent.ts'
import { turnOf } from '../../support/turn-of.ts'
import type { AgentConfig } from '../../../src/config/model.ts'
import { wordsOf } from '../../support/words-of.ts'

export const TURN = turnOf({ account: 'home' })

/** An agent that says what is done to it, and answers when it is told to. */
export class Puppet implements Agent {
  readonly name: string
  readonly log: string[] = []
  /** What goes wrong at the next starts. */
  startFailures: Error[] = []
  replyFailure: Error | null = null
  /** Never settles. */
  hangs: 'nothing' | 'start' | 'stop' | 'reply' = 'nothing'
  /** Known once it has started, as of a program that says what it takes. */
  takesSound: boolean | null = null
  readonly #answers: (() => void)[] = []

  constructor(name: string) {
    this.name = name
  }

  async start(signal: AbortSignal): Promise<void> {
    this.log.push('start')
    const failure = this.startFailures.shift()
    if (failure !== undefined) throw failure
    if (this.hangs === 'start') {
      signal.addEventListener('abort', () => this.log.push('start aborted'))
      await new Promise(() => {})
    }
    this.takesSound = true
  }

  hears(): boolean {
    return this.takesSound ?? false
  }

  async stop(): Promise<void> {
    this.log.push('stop')
    if (this.hangs === 'stop') await new Promise(() => {})
  }

  async *reply(_turn: Turn, signal: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    this.log.push('reply')
    if (this.replyFailure !== null) throw this.replyFailure
    if (this.hangs === 'reply') await new Promise(() => {})
    await new Promise<void>((resolve, reject) => {
      this.#answers.push(resolve)
      signal.addEventListener('abort', () => reject(signal.reason as Error))
    })
    yield { type: 'delta', text: `${this.name} answers` }
  }

  answer(): void {
    for (const answer of this.#answers.splice(0)) answer()
  }
}

export const settings = (model: string): AgentConfig => ({
  connector: 'openai-chat',
  settings: { baseUrl: 'http://127.0.0.1:1/v1', model },
})

/** The answer, which is used then. */
export async function say(agent: AnsweringAgent, signal = new AbortController().signal): Promise<string> {
  const text = await read(agent, signal)
  agent.accepted?.()
  return text
}

export async function read(agent: AnsweringAgent, signal = new AbortController().signal): Promise<string> {
  let text = ''
  for await (const part of agent.reply(TURN, signal)) text += wordsOf(part)
  return text
}

/** Lets what is ready happen, without time passing. */
export const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0)
