import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')
/** A block, at any indentation, with what it is indented by. */
const BLOCK = /^( *)```(\w*)[^\n]*\n([\s\S]*?)^ *```$/gm
const LANGUAGES = new Set(['sh', 'bash', 'shell', 'console'])
/** What is no block of a shell by its language, and is one all the same. */
const BEGINS_LIKE_A_COMMAND = /^(?:\$ )?(?:make|npm|npx|node|whatsappd|curl|git|docker|sudo|cp|mkdir) /
const NOT_RUN = /not run by our tests[^.\n]*[,:;] ?\S/i
/** So far below its title a page may say it of all of it. */
const HEAD_LINES = 6
/** Lines of a transcript, not commands. */
const PAGES = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md']

export interface ShellBlock {
  /** As in `docs/storage.md:27`: the first line of the block. */
  place: string
  page: string
  /** As it stands there, without its indentation. */
  text: string
  /** Why it is not run, as readers see it; `null` where it has to be. */
  excuse: string | null
}

/** Every block of commands in the pages for people. */
export function shellBlocks(): ShellBlock[] {
  return [...PAGES, ...pagesIn('docs')].flatMap(blocksOf)
}

function blocksOf(page: string): ShellBlock[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  const [head] = [text.split('\n').slice(0, HEAD_LINES).join('\n')]
  return [...text.matchAll(BLOCK)].flatMap((match) => {
    const [, indent = '', language = '', inside = ''] = match
    const block = inside.replaceAll(new RegExp(`^${indent}`, 'gm'), '').trimEnd()
    if (!LANGUAGES.has(language) && !(language === '' && BEGINS_LIKE_A_COMMAND.test(block))) return []
    const before = text.slice(0, match.index).trimEnd()
    const paragraph = before.slice(before.lastIndexOf('\n\n') + 1)
    const excuse = [paragraph, head, inside].map((part) => NOT_RUN.exec(part)?.[0]).find(Boolean) ?? null
    return [{ place: `${page}:${before.split('\n').length + 2}`, page, text: block, excuse }]
  })
}

function pagesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => `${folder}/${name}`)
    .toSorted()
}
