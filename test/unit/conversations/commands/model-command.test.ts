import { describe, expect, it } from 'vitest'
import type { AccountConfig } from '../../../../src/config/model.ts'
import { AgentError } from '../../../../src/agents/agent-error.ts'
import { SENTENCES } from '../../../../src/conversations/notices/sentences.ts'
import { ALICE, BOB, Desk, group } from '../desk.ts'
import { NamedAgent } from '../named-agent.ts'

const MINUTE_MS = 60_000
const START = Date.UTC(2026, 0, 31, 12)
const ADA = {
  model: 'llama3.2',
  models: ['qwen3:8b', 'mistral-large', 'mistral-small'],
  favouriteModels: ['qwen3:8b'],
}

const agentsOf = (settings: object): AccountConfig['agents'] => ({
  ada: { connector: 'openai-chat', settings: { ...settings } },
  bob: { connector: 'openai-chat', settings: { model: 'qwen3:8b' } },
  eve: { connector: 'echo', settings: {} },
})

function deskOf(settings: object = ADA, overrides: Partial<AccountConfig> = {}) {
  const desk = new Desk({ agents: agentsOf(settings), defaultAgent: 'ada', ...overrides })
  const ada = new NamedAgent('ada')
  desk.agent = ada
  desk.conversations.start()
  const say = async (minutes: number, text: string, from = ALICE, more = {}): Promise<string> => {
    const before = desk.transport.sent.length
    desk.receive(from, text, { sentAt: new Date(START + minutes * MINUTE_MS), ...more })
    await desk.until(() => desk.transport.sent.length > before)
    await desk.settle()
    return desk.transport.texts().slice(before).join('\n')
  }
  /** Which model the agent is told for a question. */
  const asked = async (minutes: number, from = ALICE, more = {}): Promise<string | null | undefined> => {
    await say(minutes, 'hi', from, more)
    return ada.turns.at(-1)?.model
  }
  return { desk, say, asked }
}

describe('/model', () => {
  it('is named, with the way back, where the model that was chosen does not answer', async () => {
    const { desk, say } = deskOf({ ...ADA, models: ['*'] })
    desk.agent = {
      // oxlint-disable-next-line require-yield -- it never comes to that
      async *reply() {
        throw new AgentError('not_found', 'the assistant answered 404')
      },
    }
    await say(0, '/model asdf')
    expect(await say(1, 'hi')).toBe(SENTENCES.modelFailed)
    expect(await say(1, 'hi', BOB)).toBe(SENTENCES.failed)
  })

  it('chooses one of the models, for one person in one chat, and takes it back', async () => {
    const { say, asked } = deskOf()
    expect(await say(0, '/model')).toBe(
      'ada answers you here with the model llama3.2. Write "/models" to see the others.',
    )
    expect(await asked(1)).toBeNull()
    expect(await say(2, '/model Qwen3:8B')).toBe(
      'ada answers you here with the model qwen3:8b from now on, until 30 minutes after your last message.',
    )
    expect(await asked(3)).toBe('qwen3:8b')
    expect(await asked(3, BOB)).toBeNull()
    expect(await asked(3, ALICE, { chat: group('120363000000000001@g.us'), mentionsUs: true })).toBeNull()
    expect(await say(4, '/model')).toBe(
      'ada answers you here with the model qwen3:8b until 12:34 UTC, 30 minutes after your last message. At once its own one with "/model default".',
    )
    expect(await say(5, '/model Default.')).toBe('ada answers you here with its own model again.')
    expect(await asked(6)).toBeNull()
  })

  it('stays as long as a chosen agent does, also over a crash', async () => {
    const { desk, say, asked } = deskOf()
    await say(0, '/model mistral-large')
    expect(await asked(30)).toBe('mistral-large')
    desk.database.commit()
    desk.crash()
    desk.conversations.start()
    expect(await asked(60)).toBe('mistral-large')
    expect(await asked(91)).toBeNull()
    desk.config = { ...desk.config, stickyTtlMinutes: 0 }
    expect(await say(92, '/model mistral-large')).toBe(
      'A choice does not stick here, so no other model can be chosen.',
    )
    expect(await asked(92)).toBeNull()
  })

  it('takes a part of a name that only one model has', async () => {
    const { say, asked } = deskOf()
    expect(await say(0, '/model qwen')).toContain('qwen3:8b')
    expect(await asked(0)).toBe('qwen3:8b')
    expect(await say(1, '/model mistral')).toBe(
      '"mistral" could be each of these: mistral-large, mistral-small.',
    )
    expect(await say(2, '/model gpt-5')).toBe(
      'ada has no model "gpt-5". Write "/models" to see which it has.',
    )
    expect(await asked(3)).toBe('qwen3:8b')
  })

  it('takes any name only where the config says so', async () => {
    const { desk, say, asked } = deskOf({ ...ADA, models: ['*', 'gpt-5-mini'] })
    await say(0, '/model gpt-5')
    expect(await asked(0)).toBe('gpt-5')
    expect(await say(1, '/model two words')).toContain('has no model')
    expect(await say(1, `/model ${'x'.repeat(201)}`)).toContain('has no model')
    // What may be chosen follows the config in force.
    desk.config = { ...desk.config, agents: agentsOf(ADA) }
    expect(await asked(2)).toBeNull()
  })

  it('is of one agent, and says nothing of another', async () => {
    const { say, asked } = deskOf()
    await say(0, '/model qwen')
    await say(1, '/agent bob')
    expect(await asked(2)).toBeNull()
    expect(await say(3, '/model mistral-large')).toContain('bob has no model')
    await say(4, '/agent default')
    expect(await asked(5)).toBe('qwen3:8b')
    await say(6, '/agent eve')
    expect(await say(7, '/model llama')).toBe('eve has no models to choose from.')
    expect(await say(7, '/model')).toBe('eve answers you here with a model of its own choice.')
  })

  it('shows of a model what the file has for it', async () => {
    const { say, asked } = deskOf(ADA, {
      written: { 'agents.ada.model': '${MODEL}', 'agents.ada.models.1': '${BIG}' },
    })
    expect(await say(0, '/models')).not.toContain('llama3.2')
    expect(await say(0, '/model ${BIG}')).toContain('with the model ${BIG} from now on')
    expect(await asked(1)).toBe('mistral-large')
  })
})

describe('/models and /modelfavs', () => {
  it('list what may be chosen, and say which answers', async () => {
    const { say } = deskOf()
    const lines = [
      'Models of ada:',
      '- llama3.2, which answers you here',
      '- qwen3:8b',
      '- mistral-large',
      '- mistral-small',
    ]
    expect(await say(0, '/models')).toBe([...lines, 'Write "/model" and a name to choose.'].join('\n'))
    await say(1, '/model qwen')
    expect(await say(2, '/modelfavs')).toBe(
      [
        'Favourite models of ada:',
        '- qwen3:8b, which answers you here',
        'Write "/model" and a name to choose.',
      ].join('\n'),
    )
  })

  it('list what the server has where any may be chosen, each once, and forty at most', async () => {
    const { desk, say } = deskOf({ model: 'llama3.2', models: ['*', 'qwen3:8b'] })
    const many = Array.from({ length: 60 }, (_, index) => `model-${index}`)
    Object.assign(desk.agent, { offeredModels: () => ['qwen3:8b', 'gemma3', ...many] })
    const lines = (await say(0, '/models')).split('\n')
    expect(lines.slice(1, 4)).toEqual(['- llama3.2, which answers you here', '- qwen3:8b', '- gemma3'])
    expect(lines.filter((line) => line.startsWith('- model-'))).toHaveLength(37)
    desk.config = { ...desk.config, agents: agentsOf({ model: 'llama3.2', models: ['qwen3:8b'] }) }
    expect(await say(1, '/models')).not.toContain('gemma3')
  })

  it('say where there are none, or any', async () => {
    const { desk, say } = deskOf({ model: 'llama3.2', models: ['*'] })
    expect(await say(0, '/models')).toContain('Every other name of a model works, too.')
    expect(await say(0, '/modelfavs')).toBe('ada has no favourite models. Write "/models" to see all.')
    desk.config = { ...desk.config, agents: agentsOf({}) }
    expect(await say(1, '/models')).toBe('ada has no models to choose from.')
  })
})
