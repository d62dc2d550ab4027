import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')

/** A folder, what a file in it imports, and what the linter must say. */
const REFUSED: readonly (readonly [folder: string, specifier: string, message: string])[] = [
  ['src/config', '../control/b.ts', 'src/config/ may not import src/control/'],
  ['src/config/settings', '../../agents/registry.ts', 'src/config/ may not import src/agents/'],
  ['src/storage/database', '../../conversations/b.ts', 'src/storage/ may not import src/conversations/'],
  ['src/accounts/life', '../../control/ports.ts', 'src/accounts/ may not import src/control/'],
  ['src/conversations', '../transports/link.ts', 'src/conversations/ may not import src/transports/'],
  ['src/messaging', '../access/policy.ts', 'src/messaging/ may not import src/access/'],
  ['src/transports/cloud-api', '../linked-device/b.ts', 'transports do not know each other'],
  [
    'src/accounts/ownership',
    '../../transports/linked-device/linked-device.ts',
    'src/accounts/ may import of src/transports/ only link.ts',
  ],
  ['src/accounts/life/deep', '../../../transports/linked-device/schema.ts', 'only link.ts'],
  ['src/control/views', '../../transports/cloud-api/b.ts', 'only link.ts'],
  ['src/web/card', '../../simulator/b.ts', 'src/web/ may not import src/simulator/'],
  ['src/client', '../timing/b.ts', 'src/client/ may not import src/timing/'],
  ['src/control', '../tools/b.ts', 'runs at build time only'],
  ['src/agents', '@whiskeysockets/baileys', 'may import @whiskeysockets/baileys'],
  ['src/control/http', '@whiskeysockets/baileys/lib/Utils/crypto.js', 'may import @whiskeysockets/baileys'],
  ['src/observability', 'libsignal/src/curve.js', 'may import libsignal'],
]

const ALLOWED: readonly (readonly [folder: string, specifier: string])[] = [
  ['src/control/websocket', '../../accounts/b.ts'],
  ['src/control/auth', '../events/b.ts'],
  ['src/config/read', '../../access/b.ts'],
  ['src/accounts/status', '../../transports/link.ts'],
  ['src/transports/linked-device', '@whiskeysockets/baileys'],
  ['src/transports/linked-device/life', '../../link.ts'],
  ['src/timing', 'node:timers'],
  ['test/unit', '../../src/control/b.ts'],
]

/** Every way to import; all of them count, that of types too. */
const WAYS: Readonly<Record<string, (specifier: string) => string>> = {
  import: (specifier) => `import { b } from '${specifier}'\nconsole.log(b)\n`,
  type: (specifier) => `import type { B } from '${specifier}'\nexport const a: B | null = null\n`,
  export: (specifier) => `export { b } from '${specifier}'\n`,
  dynamic: (specifier) => `export const b = await import('${specifier}')\n`,
}

let directory: string
let findings: { filename: string; message: string }[]

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'whatsappd-rooms-'))
  for (const [folder, specifier] of [...REFUSED, ...ALLOWED])
    for (const [way, text] of Object.entries(WAYS)) write(folder, `${way}.ts`, text(specifier))
  findings = await lint()
})

afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('the order of the rooms', () => {
  it.each(REFUSED)('refuses in %s an import of %s', (folder, _, message) => {
    for (const way of Object.keys(WAYS))
      expect(said(`${folder}/${way}.ts`)).toEqual([expect.stringContaining(message)])
  })

  it.each(ALLOWED)('has nothing against an import in %s of %s', (folder) => {
    for (const way of Object.keys(WAYS)) expect(said(`${folder}/${way}.ts`)).toEqual([])
  })
})

function write(folder: string, file: string, text: string): void {
  mkdirSync(join(directory, folder), { recursive: true })
  writeFileSync(join(directory, folder, file), text)
}

function said(file: string): string[] {
  return findings.filter(({ filename }) => filename === file).map(({ message }) => message)
}

/** What the linter says of the order, with this repository's own settings. */
async function lint(): Promise<typeof findings> {
  const run = promisify(execFile)(
    join(ROOT, 'node_modules/.bin/oxlint'),
    ['--config', join(ROOT, '.oxlintrc.json'), '--format', 'json', '.'],
    { cwd: directory, maxBuffer: 64 * 1_024 * 1_024 },
  )
  const { stdout } = await run.catch((error: { stdout: string }) => error)
  const report: { diagnostics: { code: string; filename: string; message: string }[] } = JSON.parse(stdout)
  return report.diagnostics.filter(({ code }) => code === 'rooms(order)')
}
