import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ACCOUNT_STATES } from '../../../src/protocol/account/account-states.ts'
import { ERROR_CODES, ERRORS } from '../../../src/protocol/errors.ts'
import { EVENT_NAMES } from '../../../src/protocol/events.ts'
import { renderErrorsDocs, renderProtocolDocs } from '../../../src/tools/protocol/render-protocol.ts'
import { METHODS, METHOD_NAMES } from '../../../src/protocol/methods.ts'
import { REASON_CODES } from '../../../src/protocol/reasons.ts'

const committed = (name: string): string =>
  readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8')

it('has docs/protocol.md in step with the tables', () => {
  expect(committed('protocol.md'), 'run "npm run docs"').toBe(renderProtocolDocs())
})

it('has docs/errors.md in step with the tables', () => {
  expect(committed('errors.md'), 'run "npm run docs"').toBe(renderErrorsDocs())
})

it('documents every method, event and state', () => {
  const text = renderProtocolDocs()
  for (const name of [...METHOD_NAMES, ...EVENT_NAMES]) expect(text).toContain(`### ${name}\n`)
  for (const state of ACCOUNT_STATES) expect(text).toContain(`| \`${state}\` |`)
})

it('says what the card shows in every state', () => {
  const [, table = ''] = committed('embedding.md').split('### What people see')
  for (const state of ACCOUNT_STATES) expect(table).toContain(`\`${state}\``)
})

it('documents every error and reason', () => {
  const text = renderErrorsDocs()
  for (const code of [...ERROR_CODES, ...REASON_CODES]) expect(text).toContain(`| \`${code}\` |`)
})

it('links only to headings that are there', () => {
  const text = renderProtocolDocs()
  const anchors = new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading.toLowerCase().replaceAll('.', '').replaceAll(' ', '-'),
    ),
  )
  for (const [, anchor = ''] of text.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor)
})

it('shows every key of an answer in its examples', () => {
  const [, examples = ''] = renderProtocolDocs().split('## Worked example')
  const answers = ['session.authenticate', 'session.subscribe'] as const
  for (const [index, name] of answers.entries()) {
    const answer = examples
      .split('\n')
      .find((line) => line.startsWith(`← {"jsonrpc":"2.0","id":${index + 1},`))
    const always = Object.entries(METHODS[name].result.shape).filter(
      ([, schema]) => !schema.safeParse(undefined).success,
    )
    for (const [key] of always) expect(answer, name).toContain(`"${key}":`)
  }
})

it('gives every error a number of its own', () => {
  const numbers = Object.values(ERRORS).map(({ rpcCode }) => rpcCode)
  expect(new Set(numbers).size).toBe(numbers.length)
})
