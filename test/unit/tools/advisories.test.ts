/** A version that changed makes what the page says about it old: each that it names is the one that is built in or installed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const PACKAGE = /`(@?[a-z0-9][\w./@-]*)` (\d+\.\d+\.\d+[\w.-]*)/g

interface Lockfile {
  packages: Record<string, { version?: string }>
}

const page = readFileSync(join(ROOT, 'docs/advisories.md'), 'utf8')
// npm writes it.
const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lockfile
const named = [...page.matchAll(PACKAGE)].map(([, name = '', version = '']): [string, string] => [
  name,
  version,
])

it.each(named)('tells of %s in the version that is in use, %s', (name, version) => {
  expect(packages[`node_modules/${name}`]?.version).toBe(version)
})

it('tells of SQLite in the version that the binding brings', async () => {
  const { DatabaseSync } = await import('@photostructure/sqlite')
  const row = new DatabaseSync(':memory:').prepare('SELECT sqlite_version() AS version').get()
  expect(page).toContain(`SQLite ${String(row?.['version'])} (in`)
})

it('finds the packages at all', () => {
  expect(named.length).toBeGreaterThan(8)
})
