import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Agent, ReplyPart, Turn } from '../../../src/agents/agent.ts'
import { AgentAway } from '../../../src/agents/agent-away.ts'
import { AgentError } from '../../../src/agents/agent-error.ts'
import { type AgentSurroundings, CONNECTORS, createAgent } from '../../../src/agents/registry.ts'
import { SecretReader } from '../../../src/config/secrets/secret-reader.ts'
import { memberMeta } from '../../../src/config/settings/setting.ts'
import { turnOf } from '../../support/turn-of.ts'
import { describePeople } from './people-contract.ts'
import { createLogger } from '../../../src/observability/log/logger.ts'
import { wordsOf } from '../../support/words-of.ts'

/** What the other side does with a question. */
export type Behaviour =
  /** Answers "You said: " and the question. */
  | 'answers'
  /** Says a word now and then, and never ends. */
  | 'talks'
  /** Takes the question and says nothing. */
  | 'hangs'
  /** Refuses, and quotes the question and the key as it does. */
  | 'refuses'
  /** Breaks off in the middle of an answer. */
  | 'breaks'
  /** Sends text without end, as fast as it is read. */
  | 'floods'
  /** Sends something that is no answer, without end. */
  | 'babbles'
  /** As `floods`, where the connector itself gives up such an answer; the conversation reads none so far. */
  | 'never ends'
  /** Ends well, without a word. */
  | 'says nothing'
  /** Breaks off, or ends as a whole, at the first question; answers when it is asked again. */
  | 'comes back'
  /** Takes its first question only a while after it was started. */
  | 'starts slowly'

/** `shown`: the harness has a server or program that does so. `never`: why no other side of this connector can. */
export type Shown = 'shown' | { never: string }

/** A connector has a word for each behaviour: one that is forgotten does not compile. */
export type Behaviours = Readonly<Record<Behaviour, Shown>>

/** Of a connector whose other side can do each of them: the keys are those of a table of its own. */
export function allShown(table: Readonly<Record<Behaviour, unknown>>): Behaviours {
  // The same keys, which is what the type says of `table`.
  return Object.fromEntries(Object.keys(table).map((behaviour) => [behaviour, 'shown'])) as Behaviours
}

export interface ConnectorHarness {
  behaviours: Behaviours
  /** What it answers, where it is not the question alone. */
  words?: RegExp
  start(): Promise<void>
  stop(): Promise<void>
  /** The settings of an agent whose other side behaves so, as a config gives them. */
  settings(behaviour: Behaviour): Record<string, unknown>
  /** Resolves when the other side has noticed that nobody listens to this behaviour any more. */
  released(behaviour: Behaviour): Promise<void>
  /** Where secrets come from, and what must be in no error. */
  env: NodeJS.ProcessEnv
  secret: string | null
  /** What else its agents are handed. */
  surroundings?: () => Partial<AgentSurroundings>
  /** `changed` is to be called when the other side comes or goes. */
  onPresence?: (changed: () => void) => void
}

/** How long an agent may take to let go, on a busy machine. */
const PROMPTLY_MS = 15_000
const QUESTION = 'what is my PIN 4711?'

/** What every connector owes to the conversations, asked of the connector `name` of the registry; `kind` where it has several. */
export function describeConnector(name: string, harness: ConnectorHarness, kind = ''): void {
  const can = (behaviour: Behaviour): boolean => harness.behaviours[behaviour] === 'shown'
  const agentOf = (behaviour: Behaviour, more: Record<string, unknown> = {}): Agent =>
    createAgent(
      'ada',
      { connector: name, settings: { ...harness.settings(behaviour), ...more } },
      { ...surroundingsOf(harness.env), ...harness.surroundings?.() },
    )

  const when = (behaviour: Behaviour, title: string, test: () => Promise<void>): void => {
    if (can(behaviour)) it(title, test)
  }

  describe(`the connector ${name}${kind === '' ? '' : `, ${kind}`}`, () => {
    beforeAll(() => harness.start())
    afterAll(() => harness.stop())

    it('documents each of its settings', () => {
      // Every member of an object schema is a schema.
      const shape = (CONNECTORS[name]?.settings.shape ?? {}) as Record<string, z.ZodType>
      const described = Object.entries(shape).flatMap(
        ([key, schema]) => memberMeta(schema)?.description ?? [key],
      )
      expect(described.filter((text) => !/^[A-Z].*\.$/.test(text) && text !== 'model')).toEqual([])
    })

    it('does nothing before its start, and can be started and stopped again and again', async () => {
      const agent = agentOf('answers')
      expect(agent.health?.().ok ?? true).toBe(true)
      await agent.start?.(new AbortController().signal)
      expect(await say(agent)).toContain(QUESTION)
      await agent.stop?.()
      await agent.stop?.()
    })

    it('answers in deltas that are in order', async () => {
      await withAgent(agentOf('answers'), async (agent) => {
        const parts = await partsOf(agent.reply(question(), new AbortController().signal))
        // A server also tells what an answer cost.
        expect(parts.every(({ type }) => type === 'delta' || type === 'usage')).toBe(true)
        const expected = can('talks') ? `You said: ${QUESTION}` : QUESTION
        const said = parts.map(wordsOf).join('')
        if (harness.words === undefined) expect(said).toBe(expected)
        else expect(said).toMatch(harness.words)
      })
    })

    it('answers a turn that it sees again, and several turns side by side', async () => {
      await withAgent(agentOf('answers'), async (agent) => {
        const first = await say(agent, QUESTION, 'T')
        expect(await say(agent, QUESTION, 'T')).toBe(first)
        expect(await Promise.all([say(agent), say(agent), say(agent)])).toEqual([first, first, first])
      })
    })

    it('keeps two conversations apart that ask at once', async () => {
      await withAgent(agentOf('answers'), async (agent) => {
        const questions = ['is it red?', 'is it blue?', 'is it green?']
        const said = await Promise.all(questions.map((text) => say(agent, text)))
        for (const [index, answer] of said.entries()) {
          expect(questions.filter((question) => answer.includes(question))).toEqual([questions[index]])
        }
      })
    })

    it('does not answer a turn that was taken back before', async () => {
      await withAgent(agentOf('answers'), async (agent) => {
        const reason = new Error('removed from the allowlist')
        const end = await endOf(agent.reply(question(), AbortSignal.abort(reason)))
        if (can('hangs')) expect(end.error).toBe(reason)
        expect(end.afterMs).toBeLessThan(PROMPTLY_MS)
      })
    })

    when(
      'hangs',
      'ends promptly, with the reason, when a turn is taken back while nothing comes',
      async () => {
        await withAgent(agentOf('hangs'), async (agent) => {
          const reason = new Error('removed from the allowlist')
          const abort = new AbortController()
          setTimeout(() => abort.abort(reason), 100)
          const end = await endOf(agent.reply(question(), abort.signal))
          expect(end.error).toBe(reason)
          expect(end.afterMs).toBeLessThan(100 + PROMPTLY_MS)
          await harness.released('hangs')
        })
      },
    )

    when('talks', 'says nothing more once a turn is taken back in the middle', async () => {
      await withAgent(agentOf('talks'), async (agent) => {
        const reason = new Error('removed from the allowlist')
        const abort = new AbortController()
        const iterator = agent.reply(question(), abort.signal)[Symbol.asyncIterator]()
        expect((await iterator.next()).done).toBe(false)
        abort.abort(reason)
        // What was on its way already may still come.
        const error = await (async () => {
          for (let step = 0; step < 100; step += 1) await iterator.next()
        })().catch((thrown: unknown) => thrown)
        expect(error).toBe(reason)
        await harness.released('talks')
      })
    })

    when('talks', 'goes on with one turn when another one beside it is taken back', async () => {
      await withAgent(agentOf('talks'), async (agent) => {
        const [abort, other] = [new AbortController(), new AbortController()]
        const [first, second] = [abort, other].map(({ signal }, index) => {
          const turn = turnOf({ id: randomUUID(), sessionId: `wa_${index}`, text: QUESTION })
          return agent.reply(turn, signal)[Symbol.asyncIterator]()
        })
        await Promise.all([first?.next(), second?.next()])
        abort.abort(new Error('removed from the allowlist'))
        await first?.return?.()
        for (let step = 0; step < 5; step += 1) expect(await second?.next()).toMatchObject({ done: false })
        await second?.return?.()
        await harness.released('talks')
      })
    })

    when('talks', 'ends an answer at its time limit that goes on and on', async () => {
      await withAgent(agentOf('talks', { timeoutSeconds: 1 }), async (agent) => {
        const end = await endOf(agent.reply(question(), new AbortController().signal))
        expect(end.error).toMatchObject({ code: 'timeout' })
        expectSentence(end.error, harness.secret)
        expect(end.afterMs).toBeLessThan(1_000 + PROMPTLY_MS)
        await harness.released('talks')
      })
    })

    when('talks', 'lets go when nobody reads on', async () => {
      await withAgent(agentOf('talks'), async (agent) => {
        for await (const part of agent.reply(question(), new AbortController().signal)) {
          expect(wordsOf(part)).not.toBe('')
          break
        }
        await harness.released('talks')
      })
    })

    when('hangs', 'gives up at its time limit, with a sentence', async () => {
      await withAgent(agentOf('hangs', { timeoutSeconds: 1 }), async (agent) => {
        expect(agent.timeoutMs).toBe(1_000)
        const end = await endOf(agent.reply(question(), new AbortController().signal))
        expect(end.error).toMatchObject({ code: 'timeout' })
        expectSentence(end.error, harness.secret)
        expect(end.afterMs).toBeGreaterThan(900)
        expect(end.afterMs).toBeLessThan(1_000 + PROMPTLY_MS)
        await harness.released('hangs')
      })
    })

    for (const behaviour of ['refuses', 'breaks'] as const) {
      when(
        behaviour,
        `says in a sentence why the other side ${behaviour}, without its words, the question or the key`,
        async () => {
          await withAgent(agentOf(behaviour), async (agent) => {
            const end = await endOf(agent.reply(question(), new AbortController().signal))
            expect(end.error).toBeInstanceOf(AgentError)
            expectSentence(end.error, harness.secret)
          })
        },
      )
    }

    when('floods', 'reads no further than it is read', async () => {
      await withAgent(agentOf('floods'), async (agent) => {
        const iterator = agent.reply(question(), new AbortController().signal)[Symbol.asyncIterator]()
        let length = 0
        while (length < 100_000) {
          const step = await iterator.next()
          if (step.done === true) break
          expect(wordsOf(step.value).length).toBeLessThanOrEqual(1_000_000)
          length += wordsOf(step.value).length
        }
        await iterator.return?.()
        await harness.released('floods')
      })
    })

    when('never ends', 'gives up an answer that is longer than any, in words', async () => {
      await withAgent(agentOf('never ends'), async (agent) => {
        let length = 0
        const error: unknown = await (async () => {
          for await (const part of agent.reply(question(), new AbortController().signal))
            length += wordsOf(part).length
        })().catch((thrown: unknown) => thrown)
        expect(error).toMatchObject({ code: 'bad_answer' })
        expectSentence(error, harness.secret)
        // What is sent on of an answer is far shorter.
        expect(length).toBeGreaterThan(100_000)
        await harness.released('never ends')
      })
    })

    when('says nothing', 'takes an answer without words for one, or says that there is none', async () => {
      await withAgent(agentOf('says nothing'), async (agent) => {
        const answer: unknown = await say(agent).catch((thrown: unknown) => thrown)
        if (answer !== '') expect(answer).toMatchObject({ code: 'no_answer' })
      })
    })

    when('comes back', 'answers the next question after the other side broke off', async () => {
      await withAgent(agentOf('comes back'), async (agent) => {
        const first = await endOf(agent.reply(question(), new AbortController().signal))
        expectSentence(first.error, harness.secret)
        expect(await sayWhenHere(agent)).toContain(QUESTION)
      })
    })

    when('starts slowly', 'waits for an answer of what starts slowly', async () => {
      await withAgent(agentOf('starts slowly'), async (agent) => {
        expect(await sayWhenHere(agent)).toContain(QUESTION)
      })
    })

    when('babbles', 'ends what is no answer and never ends', async () => {
      await withAgent(agentOf('babbles'), async (agent) => {
        const end = await endOf(agent.reply(question(), new AbortController().signal))
        expect(end.error).toMatchObject({ code: 'bad_answer' })
        expectSentence(end.error, harness.secret)
        await harness.released('babbles')
      })
    })

    describePeople({ harness, agentOf })
  })
}

async function withAgent(agent: Agent, use: (agent: Agent) => Promise<void>): Promise<void> {
  await agent.start?.(new AbortController().signal)
  try {
    await use(agent)
  } finally {
    await agent.stop?.()
  }
}

/** As conversations ask: nobody who is away, and again where it went away. */
async function sayWhenHere(agent: Agent): Promise<string> {
  for (;;) {
    if (agent.presence !== undefined) await expect.poll(() => agent.presence?.isHere()).toBe(true)
    try {
      return await say(agent)
    } catch (error) {
      if (!(error instanceof AgentAway)) throw error
    }
  }
}

const question = (): Turn => turnOf({ text: QUESTION })

async function partsOf(reply: AsyncIterable<ReplyPart>): Promise<ReplyPart[]> {
  const parts: ReplyPart[] = []
  for await (const part of reply) parts.push(part)
  return parts
}

/** The answer to a question, of a turn of its own unless `id` says which. */
async function say(agent: Agent, text = QUESTION, id: string = randomUUID()): Promise<string> {
  const parts = await partsOf(agent.reply(turnOf({ id, text }), new AbortController().signal))
  return parts.map(wordsOf).join('')
}

/** How a reply ended, and how long it took. */
async function endOf(reply: AsyncIterable<ReplyPart>): Promise<{ error: unknown; afterMs: number }> {
  const startedAt = performance.now()
  const error: unknown = await partsOf(reply).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  return { error, afterMs: performance.now() - startedAt }
}

function expectSentence(error: unknown, secret: string | null): void {
  expect(error).toBeInstanceOf(Error)
  // Looked at as an error just now.
  const { message, stack = '', cause } = error as Error
  expect(message).toMatch(/^[a-z][^\n]{10,200}$/)
  for (const text of [message, stack]) {
    expect(text).not.toContain(QUESTION)
    if (secret !== null) expect(text).not.toContain(secret)
  }
  expect(cause).toBeUndefined()
}

function surroundingsOf(env: NodeJS.ProcessEnv): AgentSurroundings {
  return {
    secrets: new SecretReader({ env, logger: createLogger({ level: 'silent' }) }),
    programs: { account: 'default', environment: env, stateDirectory: '/nonexistent' },
  }
}
