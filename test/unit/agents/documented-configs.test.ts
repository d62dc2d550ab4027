import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/agents.md'), 'utf8')
const configs = [...page.matchAll(/^```json5\n([^]*?)^```$/gm)].map(([, text = '']) => text)

describe('the config files of docs/agents.md', () => {
  it('are there', () => {
    expect(configs.length).toBeGreaterThan(3)
  })

  it.each(configs)('are read as they are written: %#', (text) => {
    const { accounts, badEntries, notices } = resolveConfig(text, {
      directory: '/etc/sandbox',
      env: {},
      connectors: CONNECTORS,
    })
    expect([badEntries?.problems ?? [], notices]).toEqual([[], []])
    expect(Object.keys(accounts['default']?.agents ?? {})).toContain(accounts['default']?.defaultAgent)
  })
})
