import { afterEach, beforeEach, expect, it } from 'vitest'
import { agentsPort } from '../../src/control/agents-port.ts'
import { AwaitedAnswers } from '../../src/agents/answers/awaited-answers.ts'
import { DaemonError } from '../../src/protocol/errors.ts'
import { type Harness, startHarness } from './support/control-harness.ts'

const at = Date.parse('2026-01-02T03:04:05.000Z')
let harness: Harness

beforeEach(async () => {
  harness = await startHarness({
    now: () => new Date('2026-02-28T23:00:00.000Z'),
    agents: agentsPort({
      attachments: { attach: () => ({ accounts: [] }), take: () => null },
      answers: new AwaitedAnswers(),
      pool: {
        list: () => [
          {
            account: 'default',
            agent: 'llm',
            connector: 'openai-chat',
            ok: false,
            message: 'the server refuses the key',
            since: at,
            lastSuccessAt: null,
            lastFailure: {
              at,
              code: 'unauthorized',
              message: 'the key is wrong',
              action: 'Check agents.llm.apiKey.',
            },
            offeredModels: ['large'],
          },
        ],
      },
    }),
  })
})
afterEach(() => harness.stop())

it('usage.get answers for each account and month, to scope read', async () => {
  const client = await harness.ready('scoped:read')
  expect(await client.request('usage.get', {})).toEqual({
    month: '2026-02',
    accounts: ['default', 'second'].map((account) => ({
      account,
      usage: { answers: 3, messagesIn: 4, messagesOut: 5, tokens: null, charges: null },
    })),
    months: ['2026-01'],
  })
  expect(await client.request('usage.get', { account: 'second', month: '2025-12' })).toMatchObject({
    month: '2025-12',
    accounts: [{ account: 'second' }],
  })
  harness.accounts.charges = {
    categories: [
      { category: 'service', charged: 2, free: 40 },
      { category: 'utility', charged: 1, free: 0 },
    ],
    freeTierUsed: 41,
  }
  expect(await client.request('usage.get', { account: 'default' })).toMatchObject({
    accounts: [
      {
        usage: {
          charges: {
            charged: 3,
            free: 40,
            categories: [
              { category: 'service', charged: 2, free: 40 },
              { category: 'utility', charged: 1, free: 0 },
            ],
            freeTier: { used: 41, limit: 1_000, isConfirmed: false },
          },
        },
      },
    ],
  })
  expect((await client.call('usage.get', { month: '2026-13' })).error?.data.code).toBe('invalid_params')
  harness.accounts.failure = new DaemonError('owner_busy')
  expect(await client.request('usage.get', { account: 'default' })).toMatchObject({
    accounts: [{ account: 'default', usage: null }],
    months: [],
  })
})

it('agents.list names agents and how they are, without paths, URLs and secrets', async () => {
  const client = await harness.ready('scoped:read')
  const { agents } = await client.request('agents.list', {})
  expect(agents).toEqual([
    {
      agent: 'llm',
      account: 'default',
      name: null,
      connector: 'openai-chat',
      isDefault: false,
      models: ['small'],
      health: {
        ok: false,
        since: '2026-01-02T03:04:05.000Z',
        lastSuccessAt: null,
        lastFailure: {
          at: '2026-01-02T03:04:05.000Z',
          code: 'unauthorized',
          message: 'The key is wrong.',
          action: 'Check agents.llm.apiKey.',
        },
      },
    },
  ])
  expect(JSON.stringify(agents)).not.toMatch(/secret|http/)
  expect((await client.request('agents.list', { account: 'second' }))['agents']).toEqual([])
})
