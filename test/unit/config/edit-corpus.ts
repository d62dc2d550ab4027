import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { resolveConfig } from '../../../src/config/read/resolve.ts'
import type { Config } from '../../../src/config/model.ts'

const DIRECTORY = join(import.meta.dirname, 'corpus')

/** Files as people and other tools write them, byte for byte. */
export const CORPUS: readonly { name: string; text: string }[] = readdirSync(DIRECTORY).map((name) => ({
  name,
  text: readFileSync(join(DIRECTORY, name), 'utf8'),
}))

export const resolve = (text: string): Config => resolveConfig(text, { directory: '/', env: {} })
