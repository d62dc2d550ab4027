import { expect, it } from 'vitest'
import { healthIn, healthyNumberId } from '../../../../../src/transports/cloud-api/life/number-health.ts'

const statusOf = (canSend: string, entities: unknown): unknown => ({
  health_status: { can_send_message: canSend, entities },
  id: '1',
})
const NUMBER = { entity_type: 'PHONE_NUMBER', id: '106540352242922', can_send_message: 'AVAILABLE' }

it('says what blocks and what limits, in the words of WhatsApp, and nothing of what is available', () => {
  const health = healthIn(
    statusOf('BLOCKED', [
      NUMBER,
      {
        entity_type: 'WABA',
        id: '2',
        can_send_message: 'BLOCKED',
        errors: [
          {
            error_code: 141006,
            error_description: 'Payment\u0007 failed.',
            possible_solution: 'Add a card.',
          },
          { error_code: 141010 },
        ],
      },
      {
        entity_type: 'BUSINESS',
        id: '3',
        can_send_message: 'LIMITED',
        additional_info: ['Not verified.', ''],
      },
      { entity_type: 'APP', id: '4', can_send_message: 'LIMITED' },
    ]),
  )
  expect(health).toEqual({
    canSend: 'BLOCKED',
    problems: [
      {
        about: 'WABA',
        canSend: 'BLOCKED',
        code: 141006,
        message: expect.stringMatching(/^Payment ?failed\.$/),
        solution: 'Add a card.',
      },
      { about: 'WABA', canSend: 'BLOCKED', code: 141010, message: 'BLOCKED', solution: null },
      { about: 'BUSINESS', canSend: 'LIMITED', code: null, message: 'Not verified.', solution: null },
      { about: 'APP', canSend: 'LIMITED', code: null, message: 'LIMITED', solution: null },
    ],
  })
})

it.each<[string, unknown]>([
  ['nothing', undefined],
  ['a list', []],
  ['an error', { error: { code: 100 } }],
  ['no word', { health_status: {} }],
  ['a number in the place of the word', { health_status: { can_send_message: 1 } }],
])('knows nothing from %s', (_case, body) => {
  expect(healthIn(body)).toBe(null)
  expect(healthyNumberId(body)).toBe(null)
})

it.each<[string, unknown]>([
  ['no list', 'x'],
  ['a list of other things', [1, null, 'x', [], { can_send_message: {} }, { entity_type: 7 }]],
])('has no problems from entities that are %s', (_case, entities) => {
  expect(healthIn(statusOf('AVAILABLE', entities))).toEqual({ canSend: 'AVAILABLE', problems: [] })
})

it('stays short, whatever is said', () => {
  const errors = Array.from({ length: 5_000 }, () => ({ error_description: 'x'.repeat(10_000) }))
  const health = healthIn(statusOf('BLOCKED', [{ entity_type: 'APP', can_send_message: 'BLOCKED', errors }]))
  expect(health?.problems.length).toBeLessThanOrEqual(8)
  expect(JSON.stringify(health).length).toBeLessThan(4_000)
})

it.each<[unknown, string | null]>([
  [[NUMBER], '106540352242922'],
  [[{ ...NUMBER, id: 106 }], null],
  [[{ ...NUMBER, id: '+1 555' }], null],
  [[{ ...NUMBER, entity_type: 'WABA' }], null],
])('names the number of %j', (entities, id) => {
  expect(healthyNumberId(statusOf('AVAILABLE', entities))).toBe(id)
})
