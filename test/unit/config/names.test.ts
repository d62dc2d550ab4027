import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { ConfigError } from '../../../src/config/problems/config-error.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'
import type { ConfigProblem } from '../../../src/protocol/config/config-problem.ts'
import { isPrintable } from '../../../src/protocol/text/printable.ts'
import { expectLinearGrowth } from '../../support/grows-linearly.ts'

/*
 * A name with an escape sequence was printed as it is: whoever may edit the file, also from a dashboard, could move the
 * cursor, clear the screen or turn the direction of writing in the owner's terminal.
 */

const LONG = 'x'.repeat(300_000)
const agent = (more: Record<string, unknown>): string =>
  `agents: { ada: ${JSON.stringify({ connector: 'openai-chat', baseUrl: 'http://127.0.0.1/v1', model: 'm', ...more })} }`

/** Where a name stands, as the section with it, and its path. */
const NAMES: readonly [where: string, section: (name: string) => string, path: string][] = [
  ['an account', (name) => `accounts: { a: { name: ${JSON.stringify(name)} } }`, 'accounts.a.name'],
  ['all accounts', (name) => `name: ${JSON.stringify(name)}`, 'name'],
  ['an agent', (name) => agent({ name }), 'agents.ada.name'],
  ['a model', (name) => agent({ model: name }), 'agents.ada.model'],
  [
    'a sender',
    (name) => `senders: { '15555550101': { name: ${JSON.stringify(name)} } }`,
    'senders.15555550101.name',
  ],
]

const read = (text: string) =>
  resolveConfig(text, { directory: '/etc/sandbox', env: {}, connectors: CONNECTORS })
const inChannel = (section: string): string =>
  // JSON5 warns on the console of this line break inside of a text.
  `{ channels: { whatsapp: { ${section} } } }`.replaceAll('\u2028', '\\u2028')

/** Of the whole file, or of entries that count for nobody. */
function problemsOf(text: string): readonly ConfigProblem[] {
  try {
    const { badEntries } = read(text)
    if (badEntries !== undefined) return badEntries.problems
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  throw new Error('there is no problem')
}

describe.each(NAMES)('the name of %s', (_where, section, path) => {
  it.each([
    ['ESC', 'a\u001B[2Jb'],
    ['BEL', 'a\u0007'],
    ['a C1 control', 'a\u009B31mb'],
    ['DEL', 'a\u007F'],
    ['a line break', 'a\nb'],
    ['a line separator', 'a\u2028b'],
    ['NUL', 'a\0b'],
    ['an override of the direction', 'gnp\u202Efdp'],
    ['an isolate', 'a\u2066b'],
    ['a mark without width', 'a\u200Bb'],
    ['a byte order mark', '\uFEFFa'],
    ['half a character', 'a\uD83D'],
    ['more characters than a name has', LONG],
  ])('with %s is refused at its place', (_what, name) => {
    const text = inChannel(section(name))
    const [problem] = problemsOf(text)
    expect(problem).toMatchObject({
      code: 'invalid_value',
      path: `channels.whatsapp.${path}`,
      line: 1,
      column: text.indexOf(JSON.stringify(name).replaceAll('\u2028', '\\u2028')) + 1,
    })
    expect(isPrintable(problem?.message ?? '\0')).toBe(true)
    expect(problem?.message.length).toBeLessThan(200)
  })

  it.each(['Zoë', '👨‍👩‍👧‍👦', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'נועה', 'نمی‌خواهم', 'O’Neil & Söhne <1>', ' padded '])('may be %s', (name) => {
    expect(() => read(inChannel(section(name)))).not.toThrow()
  })
})

it('the id of an instance is one printable line, too: others are told of it', () => {
  const text = `{ whatsappd: { instanceId: "a\\u001Bb" } }`
  expect(problemsOf(text)[0]).toMatchObject({ path: 'whatsappd.instanceId', line: 1, column: 28 })
})

describe('a problem', () => {
  it.each<[string, (long: string) => string]>([
    ['a key that nobody knows', (long) => inChannel(`${JSON.stringify(`\u001B${long}`)}: 1`)],
    ['a key twice', (long) => inChannel(`${JSON.stringify(long)}: 1, ${JSON.stringify(long)}: 1`)],
    ['a sender', (long) => inChannel(`senders: { ${JSON.stringify(`\u202E${long}`)}: {} }`)],
    ['a group', (long) => inChannel(`groups: { ${JSON.stringify(`\u202E${long}`)}: {} }`)],
    ['a group of a list', (long) => inChannel(`groupAllowFrom: [${JSON.stringify(`\u001B@${long}`)}]`)],
    ['an agent', (long) => inChannel(`defaultAgent: ${JSON.stringify(`\u001B${long}`)}`)],
    [
      'the agent of a sender',
      (long) => inChannel(`senders: { '15555550101': { agent: ${JSON.stringify(long)} } }`),
    ],
    ['an account', (long) => inChannel(`accounts: { ${JSON.stringify(`\u001B${long}`)}: {} }`)],
    ['a key inside', (long) => inChannel(`pace: { ${JSON.stringify(`\u001B${long}`)}: 1 }`)],
    [
      'an address',
      (long) => `{ whatsappd: { allowedOrigins: [${JSON.stringify(`http\u001B://${long}`)}] } }`,
    ],
    ['syntax', (long) => `{ \u001B${long}`],
    ['a number', (long) => inChannel(`allowFrom: [${JSON.stringify(`\u001B${long}`)}]`)],
  ])('with %s in it is a short printable line', (_what, textOf) =>
    expectLinearGrowth((length) => {
      for (const { message, path } of problemsOf(textOf('x'.repeat(length)))) {
        expect(message.length).toBeLessThanOrEqual(1_000)
        expect(path.length).toBeLessThanOrEqual(400)
        expect(isPrintable(message) && isPrintable(path)).toBe(true)
      }
    }, LONG.length),
  )

  it('that is only a notice is one, too', () => {
    const { notices } = read(inChannel(`groups: { '*': {} }, phoneNumberId: ${JSON.stringify(LONG)}`))
    for (const { message, path } of notices) expect(message.length + path.length).toBeLessThan(500)
  })
})
