/**
 * Files move, and a page that names them goes on naming the old place. Every path of ours that a hand-written page names in
 * backticks must exist.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const GENERATED = new Set(['protocol.md', 'config.md', 'errors.md'])
/** Files of the reader's own project. */
const FOREIGN = new Set(['vite.config.ts'])

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'test/corpus/README.md',
  'test/contract/recorded-protocol/README.md',
  ...['docs', 'docs/decisions', 'docs/deploy', 'docs/tutorials'].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.md') && !GENERATED.has(name))
      .map((name) => `${folder}/${name}`),
  ),
].filter((page) => existsSync(join(ROOT, page)))

const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)))
const names = new Set(tracked.map((path) => basename(path)))
const rooms = [
  ...new Set(tracked.filter((path) => /^src\/[^/]+\//.test(path)).map((path) => path.split('/')[1] ?? '')),
]

/** Whether a path exists from the root, from `src/`, or (in a table whose row names the room) inside one of the rooms. */
function isThere(path: string): boolean {
  const places = [
    path,
    `src/${path}`,
    ...rooms.map((room) => `src/${room}/${path}`),
    `src/transports/linked-device/${path}`,
  ]
  return places.some((place) => existsSync(join(ROOT, place)))
}

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8').replaceAll(/```[\s\S]*?```/g, '')
  const paths = [...text.matchAll(/`([\w@./-]+\.(?:ts|mts|mjs|sh))`|`((?:src|test)\/[\w./-]+)`/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  )

  it('names files and folders that exist', () => {
    const missing = [...new Set(paths)].filter(
      (path) =>
        !FOREIGN.has(path) && (path.includes('/') ? !isThere(path) : !names.has(path) && !isThere(path)),
    )
    expect(missing).toEqual([])
  })

  it('links to pages that exist', () => {
    const links = [...text.matchAll(/\]\(([^)#\s:]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target)
    expect(links.filter((target) => !existsSync(join(ROOT, dirname(page), target)))).toEqual([])
  })
})
