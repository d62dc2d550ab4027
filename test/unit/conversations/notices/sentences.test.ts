import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { CHAT_COMMANDS } from '../../../../src/conversations/commands/registry.ts'

// A sentence beside the table would stay in English when the others are translated.

const COMMANDS = join(import.meta.dirname, '../../../../src/conversations/commands')
const files = readdirSync(COMMANDS).filter(
  (name) => name.endsWith('-command.ts') || name === 'agent-names.ts',
)

it('looks at the file of every command', () => {
  for (const { name } of CHAT_COMMANDS) expect(files).toContain(`${name}-command.ts`)
})

it.each(files)('%s has no sentence of its own', (file) => {
  const source = readFileSync(join(COMMANDS, file), 'utf8')
    .replace(/help: \[[\s\S]*?\],\n/, '')
    .replaceAll(/\/\*\*[\s\S]*?\*\/|\/\/.*/g, '')
    .replaceAll(/^import .*$/gm, '')
  const texts = [...source.matchAll(/'([^'\n]*)'|`([^`]*)`/g)].map(
    ([, plain, template]) => plain ?? template ?? '',
  )
  const words = texts.map((text) => text.replaceAll(/\$\{[^}]*\}/g, ''))
  expect(words.filter((text) => /[a-z]{2,} [a-z]{2,}|^[A-Z][a-z]+/.test(text))).toEqual([])
})
