/** Who installs the package asks what is in it: what npm puts beside it, and what the build put inside. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

interface Bom {
  bomFormat: string
  metadata: { component: { name: string } }
  components: { name: string; version: string; properties: { name: string }[] }[]
  dependencies: { ref: string; dependsOn: string[] }[]
}

const make = (): string =>
  execFileSync(process.execPath, ['src/tools/sbom.mjs'], { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 << 20 })

it('names what is installed and what is built in, nothing of development, and is the same each time', () => {
  const text = make()
  // Our own tool wrote it.
  const bom = JSON.parse(text) as Bom
  const isBuiltIn = ({ properties }: Bom['components'][number]): boolean =>
    properties.some(({ name }) => name === 'whatsappd:bundled')
  const named = (components: Bom['components']): string[] => components.map(({ name }) => name)
  expect(bom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'whatsappd' } } })
  expect(named(bom.components)).toEqual(
    expect.arrayContaining(['libsignal', 'zod', '@photostructure/sqlite']),
  )
  expect(named(bom.components.filter(isBuiltIn))).toEqual(
    expect.arrayContaining(['@whiskeysockets/baileys', 'ws', 'hono', 'pino']),
  )
  for (const name of ['vitest', 'typescript', 'esbuild']) expect(named(bom.components)).not.toContain(name)
  const notices = readFileSync(join(ROOT, 'THIRD_PARTY_LICENSES'), 'utf8')
  for (const { name, version } of bom.components.filter(isBuiltIn))
    expect(notices).toContain(`${name} ${version} (`)
  expect(bom.components.filter(isBuiltIn).length).toBe(notices.split(`${'#'.repeat(80)}\n`).length - 1)
  expect(make()).toBe(text)
})
