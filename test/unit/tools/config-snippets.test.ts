/**
 * People copy a snippet into an empty file. What was shown without the sections around it was silently ignored: each is a whole file
 * that the daemon takes.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import json5 from 'json5'
import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'

const ROOT = join(import.meta.dirname, '../../..')
/** A block, at any indentation, with what it is indented by. */
const BLOCK = /^( *)```json5?\n([\s\S]*?)^ *```$/gm
/** The sections of the file that are ours; a snippet with any other key shows something that nobody reads. */
const SECTIONS = ['channels', 'connectors', 'whatsappd']
/** Snippets are read on a machine without their secrets. */
const EXPECTED_NOTICES = ['unusable_key']

const pages = [
  'README.md',
  ...['docs', 'docs/tutorials'].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`),
  ),
].filter((page) => page.endsWith('.md'))

const snippets = pages.flatMap((page) => {
  const text = readFileSync(join(ROOT, page), 'utf8')
  return [...text.matchAll(BLOCK)]
    .filter(([block]) => block.includes('```json5'))
    .map((match): [string, string] => [
      `${page}:${text.slice(0, match.index).split('\n').length}`,
      match[2] ?? '',
    ])
})

describe('every snippet of a config in the documents', () => {
  it.each(snippets)('%s is a whole file', (_place, text) => {
    const config = resolveConfig(text, { directory: '/nowhere', env: {}, connectors: CONNECTORS })
    expect(config.notices.filter(({ code }) => !EXPECTED_NOTICES.includes(code))).toEqual([])
    const keys = Object.keys(json5.parse<object>(text))
    expect(keys.filter((key) => !SECTIONS.includes(key))).toEqual([])
    expect(keys).toContain('channels')
  })

  it('is found at all', () => {
    expect(snippets.length).toBeGreaterThan(3)
  })
})
