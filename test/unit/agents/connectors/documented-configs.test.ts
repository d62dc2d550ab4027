import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { CONNECTORS } from '../../../../src/agents/registry.ts'
import { resolveConfig } from '../../../../src/config/read/resolve.ts'

const page = readFileSync(join(import.meta.dirname, '../../../../docs/agents.md'), 'utf8')

it.each(['websocket', 'webhook'])('the config for %s can be used as it is printed', (connector) => {
  const [, section = ''] = page.split(`\n## ${connector}\n`)
  const [, text = ''] = /^```json5\n(.*?)^```/ms.exec(section) ?? []
  const config = resolveConfig(text, { directory: '/', env: {}, connectors: CONNECTORS })
  expect(config.notices).toEqual([])
  const { agents = {}, defaultAgent = '' } = config.accounts['default'] ?? {}
  expect(agents[defaultAgent]?.connector).toBe(connector)
})
