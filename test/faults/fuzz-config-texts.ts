import { readFileSync } from 'node:fs'
import fc, { type Arbitrary } from 'fast-check'

/** Fictional people, in the notations that people use; any may end up in any list. */
const NOTATIONS = [
  '+15555550101', '+1 (555) 555-0102', '15555550103', '+44 20 7946 0104', '＋１５５５５５５０１０５', '+1.555.555.0106',
  '+15555550101', '5555550107', '+1555', '+999555', '(555) 555-0108', '+1 555 555 0109 ext 5', '', ' ', '*', 'tel:+15555550110',
] // prettier-ignore

const example = readFileSync(new URL('../../sandbox.config.example.json5', import.meta.url), 'utf8')

/** Files as they stand in sandboxes: the example with everything written out, and what other tools write. */
const FILES = [
  example,
  // Every setting that the example only mentions, switched on.
  example.replaceAll(/^(\s*)\/\/ (\w+: .*,)$/gm, '$1$2'),
  `{\n  channels: {\n    whatsapp: {\n      // family\n      allowFrom: ['+15555550101', 15555550103],\n      dmPolicy: 'allowlist',\n    },\n  },\n}\n`,
  `{ "channels": { "whatsapp": { "dmPolicy": "open", "allowFrom": ["*"], "configWrites": false } }, "agents": { "list": [1] } }`,
  `{ connectors: { whatsapp: { allowFrom: ["+15555550102"], groupAllowFrom: ["+15555550104"] } }, channels: { telegram: {} } }`,
  `{ channels: { whatsapp: { allowFrom: ['+15555550101'], accounts: {\n  home: { allowFrom: ['+15555550106'], dmPolicy: 'pairing' },\n  work: { dmPolicy: 'disabled', enabled: false },\n  open: { dmPolicy: 'open', allowFrom: ['*'] },\n}, defaultAccount: 'home' } } }`,
  `{ channels: { whatsapp: { allowFrom: ['+15555550101'], accounts: {\n  home: { allowFrom: ['+15555550106'], dmPolicy: 'pairing' },\n  work: { dmPolicy: 'disabled', enabled: false },\n}, defaultAccount: 'home' } } }`,
  `{ whatsappd: { listen: { host: '127.0.0.1', port: 8765 }, allowedOrigins: ['https://dashboard.example'], log: { level: 'info' } }, channels: { whatsapp: { allowFrom: [] } } }`,
]

const FRAGMENTS = [
  `dmPolicy: 'open',`, `dmPolicy: 'disabled',`, `dmPolicy: 'closed',`, `allowFrom: ['*'],`, `allowFrom: ['+15555550199'],`, `allowFrom: [],`,
  `'+15555550199',`, `'*',`, `15555550199,`, `__proto__: { allowFrom: ['+15555550199'], dmPolicy: 'open' },`, `constructor: { prototype: { allowFrom: ['*'] } },`,
  `accounts: {`, `accounts: { default: { allowFrom: ['+15555550199'] } },`, `accounts: { __proto__: { allowFrom: ['*'], dmPolicy: 'open' } },`,
  `channels: { whatsapp: { allowFrom: ['+15555550199'] } },`, `connectors: { whatsapp: { allowFrom: ['*'], dmPolicy: 'open' } },`, `"\\u0061llowFrom": ['+15555550199'],`,
  `"allowFrom\\u200b": ['+15555550199'],`, `configWrites: true,`, `enabled: true,`, `listen: { host: '0.0.0.0' },`, `allowedOrigins: ['https://evil.example'],`,
  '{', '}', '[', ']', ',', ':', "'", '"', '\\', '//', '/*', '*/', '\n', '\r', '\u2028', '\u0000', '\ufeff', '\u202e', '🙂', '\ud800', 'null', 'true',
  'NaN', '-Infinity', '1e999', '0x3A0B1C2D5E', '9'.repeat(400), 'undefined', '{ env: "HOME" }', '['.repeat(3_000), '{a:'.repeat(3_000), 'x'.repeat(70_000),
] // prettier-ignore

type Change = (text: string) => string

const at = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
const within = (text: string, part: number): number => Math.floor(text.length * part)

const change: Arbitrary<Change> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(at, fc.constantFrom(...FRAGMENTS)).map(([part, piece]): Change => (text) => inserted(text, within(text, part), piece)) },
  // Where a member or an element may stand.
  { weight: 8, arbitrary: fc.tuple(at, fc.constantFrom(...FRAGMENTS)).map(([part, piece]): Change => (text) => inserted(text, afterBrace(text, within(text, part)), piece)) },
  { weight: 3, arbitrary: fc.tuple(at, fc.integer({ min: 0, max: 0xffff })).map(([part, code]): Change => (text) => replaced(text, within(text, part), 1, String.fromCharCode(code))) },
  { weight: 3, arbitrary: fc.tuple(at, fc.integer({ min: 32, max: 126 })).map(([part, code]): Change => (text) => replaced(text, within(text, part), 1, String.fromCharCode(code))) },
  { weight: 3, arbitrary: fc.tuple(at, fc.nat(40)).map(([part, length]): Change => (text) => replaced(text, within(text, part), length, '')) },
  { weight: 2, arbitrary: at.map((part): Change => (text) => text.slice(0, within(text, part))) },
  { weight: 4, arbitrary: at.map((part): Change => (text) => lineTwice(text, part)) },
  { weight: 6, arbitrary: fc.tuple(at, fc.oneof(fc.constantFrom(...NOTATIONS).map((each) => `'${each}'`), fc.double().map(String), fc.bigInt().map(String), fc.json())).map(([part, value]): Change => (text) => otherValue(text, part, value)) },
) // prettier-ignore

function inserted(text: string, offset: number, piece: string): string {
  return `${text.slice(0, offset)}${piece}${text.slice(offset)}`
}

function replaced(text: string, offset: number, length: number, piece: string): string {
  return `${text.slice(0, offset)}${piece}${text.slice(offset + length)}`
}

function afterBrace(text: string, offset: number): number {
  const found = text.slice(offset).search(/[{[]/)
  return found === -1 ? offset : offset + found + 1
}

function lineTwice(text: string, part: number): string {
  const lines = text.split('\n')
  const index = Math.floor(lines.length * part)
  return [...lines.slice(0, index + 1), lines[index] ?? '', ...lines.slice(index + 1)].join('\n')
}

/** Another value in the place of some string or number of the text. */
function otherValue(text: string, part: number, value: string): string {
  const values = [...text.matchAll(/'[^'\n]*'|"[^"\n]*"(?!\s*:)|\b\d+\b/g)]
  const chosen = values[Math.floor(values.length * part)]
  return chosen === undefined ? text : replaced(text, chosen.index, chosen[0].length, value)
}

const entry = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<unknown>(...NOTATIONS) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(15_555_550_103, 1e21, -1, 0.5, null, true, [], {}, ['+15555550199']),
  },
)
const access = fc.record(
  {
    allowFrom: fc.oneof({ weight: 9, arbitrary: fc.array(entry, { maxLength: 3 }) }, entry),
    dmPolicy: fc.constantFrom('allowlist', 'open', 'pairing', 'disabled', 'closed', 'Open', '', null),
    enabled: fc.constantFrom(true, false, 'yes'),
    configWrites: fc.boolean(),
  },
  { requiredKeys: [] },
)
const channel = fc
  .tuple(
    access,
    fc.option(
      fc.dictionary(fc.constantFrom('default', 'home', '__proto__', 'constructor', 'a b', ''), access, {
        maxKeys: 3,
      }),
    ),
  )
  .map(([own, accounts]) => (accounts === null ? own : { ...own, accounts }))

/** Files from scratch: any list under any policy, in any account. */
const written = fc
  .tuple(fc.constantFrom('channels', 'connectors', 'channel'), channel, fc.option(channel))
  .map(([name, first, second]) =>
    JSON.stringify(
      { [name]: { whatsapp: first }, ...(second === null ? {} : { connectors: { whatsapp: second } }) },
      null,
      2,
    ),
  )

/** A config file that somebody, or some accident, made of another one. */
export const fuzzedConfig: Arbitrary<string> = fc
  .tuple(
    fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...FILES) }, { weight: 1, arbitrary: written }),
    fc.oneof(
      { weight: 3, arbitrary: fc.array(change, { maxLength: 1 }) },
      { weight: 2, arbitrary: fc.array(change, { minLength: 1, maxLength: 4 }) },
    ),
  )
  .map(([text, changes]) => changes.reduce((changed, each) => each(changed), text))
