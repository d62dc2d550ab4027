import { afterEach, describe, expect, it } from 'vitest'
import { EVENTS } from '../../src/protocol/events.ts'
import { type ConfigProblem } from '../../src/protocol/config/config-problem.ts'
import { ALICE, allowing, BOB, CAROL, ConfigPlace } from './config-place.ts'

let place: ConfigPlace
afterEach(() => place.stop())

type Place = Pick<ConfigProblem, 'path' | 'line' | 'column'>
const at = (line: number, column: number, path: string): Place => ({ line, column, path })

/** Everything stands in `channels.whatsapp`, whose opening brace ends the third line. */
const whatsapp = (...lines: string[]): string =>
  [
    '// mine',
    '{',
    '  channels: { whatsapp: {',
    ...lines.map((line) => `    ${line}`),
    '  } },',
    '}',
    '',
  ].join('\n')

const BROKEN: readonly [name: string, code: string, place: Place, text: string][] = [
  ['bad JSON5', 'syntax', at(3, 15, ''), '{\n  channels: {\n    whatsapp: ]\n}\n'],
  ['two values', 'syntax', at(1, 4, ''), '{} {}'],
  [
    'a duplicate key',
    'duplicate_key',
    at(5, 5, 'channels.whatsapp.allowFrom'),
    whatsapp(`allowFrom: ['${BOB}'],`, `allowFrom: ['${CAROL}'],`),
  ],
  [
    'a duplicate key in other quotes',
    'duplicate_key',
    at(5, 5, 'channels.whatsapp.allowFrom'),
    whatsapp(`allowFrom: ['${BOB}'],`, `"allowFrom": ['${CAROL}'],`),
  ],
  [
    'an unknown key',
    'unknown_key',
    at(4, 5, 'channels.whatsapp.alowFrom'),
    whatsapp(`alowFrom: ['${BOB}'],`),
  ],
]

describe('a save that cannot be used', () => {
  it.each(BROKEN)(
    '%s: the old config stays in force until it is mended',
    async (_name, code, where, text) => {
      place = await ConfigPlace.with(allowing(ALICE))
      const { revision } = place.service.current
      place.replace(text)
      await place.untilRejected()
      expect(place.allowed).toEqual([ALICE])
      expect(place.service.current.revision).toBe(revision)
      expect(place.service.problems).toMatchObject([{ code, ...where }])
      expect(place.rejected).toEqual(place.service.problems)
      expect(place.applied).toEqual([])
      place.replace(allowing(BOB))
      await place.untilAllowed(BOB)
      expect(place.service.problems).toEqual([])
      expect(place.service.current.revision).not.toBe(revision)
    },
  )

  it.each<[name: string, where: Place, text: string]>([
    ['a text for a list', at(4, 16, 'channels.whatsapp.allowFrom'), whatsapp(`allowFrom: '${BOB}',`)],
    ['null for a list', at(4, 16, 'channels.whatsapp.allowFrom'), whatsapp('allowFrom: null,')],
    ['"*" without open', at(4, 17, 'channels.whatsapp.allowFrom[0]'), whatsapp(`allowFrom: ['*'],`)],
    ['a text for a switch', at(4, 14, 'channels.whatsapp.enabled'), whatsapp(`enabled: 'no',`)],
    [
      'a policy that does not exist',
      at(4, 15, 'channels.whatsapp.dmPolicy'),
      whatsapp(`dmPolicy: 'friends',`),
    ],
    ['a list for the section', at(1, 25, 'channels.whatsapp'), '{ channels: { whatsapp: [] } }'],
    ['a number for what holds the section', at(1, 13, 'channels'), '{ channels: 1 }'],
    ['a list for the file', at(1, 1, ''), `['${BOB}']`],
    ['a list for the other section', at(1, 14, 'whatsappd'), '{ whatsappd: [] }'],
    [
      'an agent that does not exist',
      at(4, 19, 'channels.whatsapp.defaultAgent'),
      whatsapp(`defaultAgent: 'ada',`),
    ],
    [
      'another root key without a server on this machine',
      at(1, 42, 'whatsappd.whatsapp.noiseRootKey'),
      `{ whatsappd: { whatsapp: { noiseRootKey: '${'ab'.repeat(32)}', webSocketUrl: 'wss://example.com/ws' } } }`,
    ],
  ])('%s: the place is exact', async (_name, where, text) => {
    place = await ConfigPlace.with(allowing(ALICE))
    place.replace(text)
    await place.untilRejected()
    expect(place.allowed).toEqual([ALICE])
    expect(place.service.problems).toMatchObject([where])
  })

  it('names every problem at once, and reports the first', async () => {
    place = await ConfigPlace.with(allowing(ALICE))
    place.replace(whatsapp(`allowFrom: ['12', '${BOB}', 'x'],`, 'typng: false,', `enabled: 'no',`))
    await place.untilRejected()
    expect(place.service.problems.map(({ path }) => path).toSorted()).toEqual([
      'channels.whatsapp.allowFrom[0]',
      'channels.whatsapp.allowFrom[2]',
      'channels.whatsapp.enabled',
      'channels.whatsapp.typng',
    ])
    expect(place.rejected).toHaveLength(1)
    expect(place.service.problems).toContainEqual(place.rejected[0])
    expect(place.service.problems.find(({ code }) => code === 'unknown_key')?.message).toContain('typing')
    expect(place.allowed).toEqual([ALICE])
  })

  it('reports one broken file once, another one again', async () => {
    place = await ConfigPlace.with(allowing(ALICE))
    place.replace('{')
    await place.untilRejected()
    place.replace('{')
    place.replace(whatsapp('enabled: 1'))
    await place.untilRejected(2)
    expect(place.rejected.map(({ path }) => path)).toEqual(['', 'channels.whatsapp.enabled'])
    expect(place.service.problems).toHaveLength(1)
  })

  it('names a place that exists for a text without its closing quote', async () => {
    place = await ConfigPlace.with(allowing(ALICE))
    const text = whatsapp(`allowFrom: ['${BOB}`)
    place.replace(text)
    await place.untilRejected()
    expect(place.allowed).toEqual([ALICE])
    const [problem] = place.rejected.map((payload) => EVENTS['config.rejected'].payload.parse(payload))
    expect([4, 5]).toContain(problem?.line)
  })

  it('refuses a file of more than a mebibyte', async () => {
    place = await ConfigPlace.with(allowing(ALICE))
    place.replace(`${allowing(BOB)}// ${'x'.repeat(1_100_000)}\n`)
    await place.untilRejected()
    expect(place.allowed).toEqual([ALICE])
  })

  it('refuses a file that is nested without end', async () => {
    place = await ConfigPlace.with(allowing(ALICE))
    place.replace(`{ channels: ${'['.repeat(100_000)} }`)
    await place.untilRejected()
    expect(place.allowed).toEqual([ALICE])
    place.replace(allowing(BOB))
    await place.untilAllowed(BOB)
  })

  it('shows no phone number in the log', async () => {
    place = await ConfigPlace.with(allowing(ALICE))
    place.replace(whatsapp(`allowFrom: ['+1555'],`, `typng: '+1555',`))
    await place.untilRejected()
    expect(JSON.stringify(place.service.problems)).not.toContain('1555')
  })
})

it("says nothing of a file that is broken only in other tools' sections but readable", async () => {
  place = await ConfigPlace.with(
    `{ tools: { allowFrom: 7, typng: [] }, channels: { telegram: { x: 1 }, whatsapp: { allowFrom: ['${ALICE}'] } } }`,
  )
  expect(place.allowed).toEqual([ALICE])
  expect(place.service.problems).toEqual([])
  expect(place.service.current.notices).toEqual([])
})
