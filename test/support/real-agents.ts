import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const HERE = join(import.meta.dirname, '../real-agents')
const isInstalled = existsSync(join(HERE, 'node_modules/@modelcontextprotocol/conformance/package.json'))
if (!isInstalled) console.warn(`no test with agents and servers of others: run "make test"`)

/** The agents and model servers of others. They have a package of their own, so that nothing but `make test` installs them. */
export const REAL_AGENTS: readonly RealAgents[] = isInstalled
  ? [{ directory: HERE, require: createRequire(join(HERE, 'package.json')) }]
  : []

export interface RealAgents {
  /** Programs are in `node_modules/.bin` below it. */
  directory: string
  /** Finds modules as if it stood in the package. */
  require: NodeJS.Require
}
