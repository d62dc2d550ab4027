import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import type { CommandContext } from '../../../src/cli/command-context.ts'
import { createProgram } from '../../../src/cli/command-line.ts'
import { ERRORS } from '../../../src/protocol/errors.ts'
import { REASONS } from '../../../src/protocol/reasons.ts'
import { CARD_TEXTS } from '../../../src/web/card/text/card-texts.ts'

// An advice that cannot be carried out is a fault: what it names has to be there.

/** Of the file; the tables of settings begin inside of them. */
const SECTIONS = new Set(['channels', 'connectors', 'whatsapp', 'whatsappd'])
/** Not a command: what the daemon signs. */
const CHALLENGE = 'daemon proof 1'
const DOCS = join(import.meta.dirname, '../../../docs')
const documents = readdirSync(DOCS)
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, text: readFileSync(join(DOCS, name), 'utf8') }))
const document = (wanted: string): string => documents.find(({ name }) => name === wanted)?.text ?? ''

const advice = [...Object.values(REASONS), ...Object.values(ERRORS)].map((row) =>
  'action' in row ? `${row.message} ${row.action}` : row.message,
)

// Nothing of it is run.
const program = createProgram({ version: '0', print: () => {} } as unknown as CommandContext, () => {})

/** What stands in code after the name of the program, up to the end of the code, a pipe or a redirection. */
function commandLines(text: string): string[] {
  const inCode = [...text.matchAll(/`(?:sudo )?whatsappd ([^`]+)`/g)].map(([, line = '']) => line)
  const inBlocks = [...text.matchAll(/```(?:sh|console)?\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    [...block.matchAll(/^(?:\$ )?whatsappd (.+)$/gm)].map(([, line = '']) => line),
  )
  const quoted = [...text.matchAll(/"whatsappd ([a-z][^"]+)"/g)].map(([, line = '']) => line)
  return [...inCode, ...inBlocks, ...quoted]
    .map((line) => line.split(/\s(?:\||>|#|&&)/)[0] ?? '')
    .filter((line) => line !== CHALLENGE)
}

/** What a command line names that there is not. */
function unknownParts(line: string): string[] {
  let command: Command = program
  const unknown: string[] = []
  for (const word of line.replaceAll(/[[\]()…]/g, ' ').split(/\s+/)) {
    if (word.startsWith('--')) {
      const [name = ''] = word.split('=')
      const options = [...command.options, ...program.options].map(({ long }) => long)
      if (name !== '--help' && !options.includes(name)) unknown.push(word)
    } else if (/^[a-z][a-z-]*$/.test(word) && command.commands.length > 0) {
      const next = command.commands.find((each) => each.name() === word)
      if (next !== undefined) command = next
      else if (command === program) unknown.push(word)
    }
  }
  return unknown
}

describe('every command that a text advises', () => {
  const texts = [...documents, { name: 'reasons and errors', text: advice.join('\n') }]
  it.each(texts)('exists, with its options: $name', ({ text }) => {
    const wrong = commandLines(text).filter((line) => unknownParts(line).length > 0)
    expect(wrong).toEqual([])
  })

  it('is found at all', () => {
    expect(commandLines(document('troubleshooting.md')).length).toBeGreaterThan(10)
    expect(unknownParts('open --colour')).toEqual(['--colour'])
    expect(unknownParts('dance')).toEqual(['dance'])
  })
})

describe('every setting that a text advises', () => {
  const rows = document('config.md').matchAll(/^\| `([^`]+)` \|/gm)
  const keys = new Set([...rows].flatMap(([, code = '']) => code.split(/[^A-Za-z]+/)))
  const paths = (text: string): string[] =>
    [...text.matchAll(/\b(?:whatsappd|channels\.whatsapp|connectors\.whatsapp)(?:\.[a-zA-Z<>*]+)+/g)]
      .map(([path]) => path)
      .filter((path) => !/\.(?:db|json5?|mjs|js|ts|md|conf|v|service|fish|encrypted)$/.test(path))
  const unknownKeys = (path: string): string[] =>
    path.split('.').filter((key) => /^[a-zA-Z]+$/.test(key) && !keys.has(key) && !SECTIONS.has(key))
  const texts = [...documents, { name: 'reasons and errors', text: advice.join('\n') }]
  it.each(texts)('exists: $name', ({ text }) => {
    expect(paths(text).filter((path) => unknownKeys(path).length > 0)).toEqual([])
  })

  it('is found at all', () => {
    expect(paths(advice.join('\n')).length).toBeGreaterThan(3)
    expect(unknownKeys('channels.whatsapp.allowForm')).toEqual(['allowForm'])
  })
})

it('every button that troubleshooting names is on the card or on the page', () => {
  const labels = new Set<string>([...CARD_TEXTS, 'Try again'])
  const named = [...document('troubleshooting.md').matchAll(/(?:[Pp]ress|then) \*\*([^*]+)\*\*/g)]
  expect(named.length).toBeGreaterThan(3)
  expect(named.map(([, label = '']) => label).filter((label) => !labels.has(label))).toEqual([])
})
