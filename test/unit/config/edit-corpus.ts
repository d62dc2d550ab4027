import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'
import { ConfigDocument } from '../../../src/config/document/config-document.ts'
import type { ConfigEdit } from '../../../src/config/edit/config-edit.ts'
import type { Config } from '../../../src/config/model.ts'

const DIRECTORY = join(import.meta.dirname, 'corpus')

/** Files as people and other tools write them, byte for byte. */
export const CORPUS: readonly { name: string; text: string }[] = readdirSync(DIRECTORY).map((name) => ({
  name,
  text: readFileSync(join(DIRECTORY, name), 'utf8'),
}))

export const resolve = (text: string, env: NodeJS.ProcessEnv = {}): Config =>
  resolveConfig(text, { directory: '/', env, connectors: CONNECTORS })

/** The text after the edit. */
export const applied = (edit: ConfigEdit, text: string, current: Config = resolve(text)): string =>
  edit.apply(new ConfigDocument(text), current).text
