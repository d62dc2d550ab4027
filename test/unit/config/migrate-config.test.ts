import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { changedPaths } from '../../../src/config/evaluation/changed-paths.ts'
import { type Migration, migrateConfig } from '../../../src/config/migrate/migrate-config.ts'
import type { Config } from '../../../src/config/model.ts'
import { ConfigError } from '../../../src/config/problems/config-error.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'

const CONTEXT = { directory: '/sandbox', env: { HOME: '/home/user' }, connectors: CONNECTORS }
const DIRECTORIES = ['foreign-configs', 'corpus'].map((name) => join(import.meta.dirname, name))
const FILES = DIRECTORIES.flatMap((directory) => readdirSync(directory).map((name) => join(directory, name)))

function migrate(channel: string, others = ''): Migration {
  return migrateConfig(`{ channels: { whatsapp: { ${channel} } }, ${others} }`, CONTEXT)
}

/** Where something stands is what a rewrite changes. */
function withoutPlaces(config: Config): Config {
  const text = JSON.stringify(config, (key, value: unknown) => (key === 'place' ? undefined : value))
  return JSON.parse(text) as Config
}

describe('the rewrite of keys of other tools', () => {
  it.each(FILES)('%s: changes nothing of what is in force, and is done at once', (file) => {
    const text = readFileSync(file, 'utf8')
    let before
    try {
      before = resolveConfig(text, CONTEXT)
    } catch {
      before = null
    }
    let migration
    try {
      migration = migrateConfig(text, CONTEXT)
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError)
      expect(before).toBeNull()
      return
    }
    if (before !== null)
      expect(
        changedPaths(withoutPlaces(before), withoutPlaces(resolveConfig(migration.after, CONTEXT))),
      ).toEqual([])
    expect(migrateConfig(migration.after, CONTEXT).steps).toEqual([])
    if (migration.steps.length === 0) expect(migration.after).toBe(text)
  })

  it.each([
    ["transport: 'baileys', name: 'A'", "transport: 'linked-device', name: 'A', groupAllowFrom: []"],
    [
      "transport: 'cloudapi', phoneNumberId: '12'",
      "transport: 'cloud-api', groupAllowFrom: [], cloudApi: { phoneNumberId: '12' }",
    ],
    ['ignoreOwnMessages: true', 'selfChatMode: false'],
    ["reactionLevel: 'off'", "ackReaction: { emoji: '' }"],
    ["reactionLevel: 'minimal', name: 'A'", "name: 'A'"],
    ['heartbeat: { every: 1 }, name: "A"', 'name: "A"'],
  ])('%s becomes %s', (from, to) => {
    const { after } = migrate(from)
    const [written, expected] = [after, `{ channels: { whatsapp: { ${to} } } }`].map((text) => {
      const { accounts } = resolveConfig(text, CONTEXT)
      return { accounts }
    })
    expect(written).toEqual(expected)
    for (const key of from.matchAll(/(\w+):/g))
      if (!to.includes(key[1] ?? '')) expect(after).not.toContain(key[1])
  })

  it("says OpenClaw's blockStreaming by the key that means the same everywhere", () => {
    const { after, tool, steps } = migrate(
      'blockStreaming: true, // by pieces\n',
      'gateway: { mode: "local" }',
    )
    expect(tool).toBe('openclaw')
    expect(after).toContain('enabled: true')
    expect(after).not.toContain('blockStreaming')
    expect(steps.map(({ path }) => path)).toEqual(['channels.whatsapp.blockStreaming'])
  })

  it('brings what OpenClaw says outside of the channel into it, and leaves it for other channels', () => {
    const { after } = migrate('allowFrom: []', 'messages: { inbound: { debounceMs: 3000 } }')
    expect(after).toMatch(/whatsapp: \{ allowFrom: \[\], debounceMs: 3000/)
    expect(after).toContain('messages: { inbound: { debounceMs: 3000 } }')
  })

  it('keeps what would change who may write', () => {
    const text = "allowFrom: ['+15555550101', '+15555550102'], allowedJids: ['+15555550101']"
    const { after, steps } = migrate(text)
    expect(after).toContain(text)
    expect(steps).toEqual([])
  })

  it('renames keys that are refused, with their comments, and opens the door to nobody without saying it', () => {
    const { after, config, wasValid, steps } = migrate("allowedNumbers: ['+15555550101'], // friends\n")
    expect(after).toContain("allowFrom: ['+15555550101'], // friends")
    expect([wasValid, config?.accounts['default']?.access.allowFrom]).toEqual([false, ['+15555550101']])
    expect(steps).toHaveLength(1)
    expect(migrate("allowAll: true, allowFrom: ['+15555550101']").steps).toEqual([])
    expect(migrate('allowAll: true').steps[0]?.what).toContain('everybody may write')
  })

  it('takes no step in a broken file that brings another problem', () => {
    const { after, steps, problems } = migrate("defaultAgentId: 'finn'")
    expect([steps, problems.length]).toEqual([[], 1])
    expect(after).toContain('defaultAgentId')
  })
})
