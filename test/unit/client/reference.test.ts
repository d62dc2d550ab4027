import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { WhatsappdClient } from '../../../src/client/client.ts'
import { CLIENT_ERROR_CODES } from '../../../src/client/request-error.ts'

const CLIENT = join(import.meta.dirname, '../../../src/client')
const [, reference = ''] = readFileSync(join(CLIENT, '../../docs/embedding.md'), 'utf8').split(
  '### Reference\n',
)

/** The names that a source declares between two lines. */
function namesBetween(file: string, begin: string, end: string, name: RegExp): string[] {
  const [, rest = ''] = readFileSync(join(CLIENT, file), 'utf8').split(begin)
  const [part = ''] = rest.split(end)
  return [...part.matchAll(name)].map(([, found = '']) => found)
}

it('describes every member of the client', () => {
  const members = Object.getOwnPropertyNames(WhatsappdClient.prototype).filter(
    (name) => name !== 'constructor',
  )
  expect(members.length).toBeGreaterThan(7)
  expect(members.filter((name) => !new RegExp(`\\| \`${name}[\`(]`).test(reference))).toEqual([])
})

it('describes every option, every state and every code of its own', () => {
  const options = namesBetween('client.ts', 'interface WhatsappdClientOptions {', '\n}', /^ {2}(\w+)\??:/gm)
  const states = namesBetween('client-events.ts', 'export type ClientState =', '\n\n', /'(\w+)'/g)
  expect([options.length, states.length].every((count) => count > 5)).toBe(true)
  for (const name of [...options, ...states]) expect(reference).toContain(`| \`${name}\` |`)
  for (const code of CLIENT_ERROR_CODES) expect(reference).toContain(`\`${code}\``)
})
