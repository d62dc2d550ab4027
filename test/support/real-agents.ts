import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe } from 'vitest'

const HERE = join(import.meta.dirname, '../real-agents')
const isInstalled = existsSync(join(HERE, 'node_modules/@modelcontextprotocol/conformance/package.json'))
if (!isInstalled) console.warn(`no test with agents and servers of others: run "make test"`)

const PACKAGES: RealAgents = { directory: HERE, require: createRequire(join(HERE, 'package.json')) }

/**
 * With the agents and model servers of others. They have a package of their own, so that nothing but `make test` installs them; where it is
 * not installed these tests are left out.
 */
export function describeRealAgents(name: string, body: (packages: RealAgents) => void): void {
  describe.skipIf(!isInstalled)(name, () => body(PACKAGES))
}

export interface RealAgents {
  /** Programs are in `node_modules/.bin` below it. */
  directory: string
  /** Finds modules as if it stood in the package. */
  require: NodeJS.Require
}
