import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { ALICE, MALLORY, Stack } from '../support/stack.ts'

const run = promisify(execFile)
const REPOSITORY = join(import.meta.dirname, '../..')
const DOCS = join(REPOSITORY, 'docs')
const GUIDES = ['embedding.md', 'testing.md', 'tunnels.md', 'agents.md']
const EXAMPLES = join(REPOSITORY, 'docs/examples')

/** A link to a file of the examples, and the code below it. */
const SHOWN = /\]\((examples\/[^)]+)\)[^\n]*\n\n```\w+\n([\s\S]*?)```/g

/** What the examples need here and nobody copies. */
const NOT_SHOWN = ['tsconfig.json', 'vue/components.d.ts']

it('the guides show every example file as it is', () => {
  const shown = new Map<string, string>()
  for (const guide of GUIDES) {
    const text = readFileSync(join(DOCS, guide), 'utf8')
    for (const [, path = '', code = ''] of text.matchAll(SHOWN)) shown.set(path, code)
  }
  const files = readdirSync(EXAMPLES, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(EXAMPLES, join(parentPath, name)))
    .filter((path) => !NOT_SHOWN.includes(path))
  expect([...shown.keys()].sort()).toEqual(files.map((path) => `examples/${path}`).sort())
  for (const [path, code] of shown) expect(code, path).toBe(readFileSync(join(DOCS, path), 'utf8'))
})

it('the examples type-check against the built package', async () => {
  const compiler = join(REPOSITORY, 'node_modules/typescript/bin/tsc')
  const compiled = await run(process.execPath, [compiler, '-p', EXAMPLES]).catch((error: unknown) => error)
  expect(Reflect.get(Object(compiled), 'stdout')).toBe('')
})

it('the client example watches a daemon from Node and lets a number in', async () => {
  const stack = await Stack.start()
  try {
    const watch = async (newNumber: string): Promise<string> => {
      const token = readFileSync(join(stack.stateDir, 'token'), 'utf8').trim()
      const url = `${stack.url.replace('http', 'ws')}/v1/ws`
      const example = join(EXAMPLES, 'client/watch.ts')
      const line = ['--import', 'tsx', example, url, token, newNumber]
      return (await run(process.execPath, line, { cwd: REPOSITORY })).stdout
    }
    const output = await watch(MALLORY)
    expect(output).toContain('connection: ready')
    expect(output).toContain('default: unlinked')
    expect(output).toContain('2 numbers may write')
    expect(output).toContain('connection: closed')
    expect(stack.readConfig()).toContain(ALICE)
    expect(stack.readConfig()).toContain(MALLORY)
    expect(await watch('12')).toContain('refused: invalid_phone_number')
  } finally {
    await stack.stop()
  }
})
