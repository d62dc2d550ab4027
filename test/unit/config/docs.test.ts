import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { demoConfigText, demoPeople } from '../../../src/cli/serve/demo-config.ts'
import { accountSettings } from '../../../src/config/settings/account-settings.ts'
import { channelSettings } from '../../../src/config/settings/channel-settings.ts'
import { daemonSettings } from '../../../src/config/settings/daemon-settings.ts'
import { renderConfigDocs, renderExampleConfig } from '../../../src/tools/config/config-docs.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'
import type { Config } from '../../../src/config/model.ts'
import { settingMeta } from '../../../src/config/settings/setting.ts'

const CONTEXT = { directory: '/etc/sandbox', env: {}, connectors: CONNECTORS }
const KEYS = [...new Set(Object.keys({ ...accountSettings, ...channelSettings, ...daemonSettings }))]
const committed = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

/** The example with each of these settings in force. */
function uncommented(...keys: string[]): string {
  const commented = new RegExp(`^( *)// ((?:${keys.join('|')}): .*,)$`, 'gm')
  return renderExampleConfig().replaceAll(commented, '$1$2')
}

/** What holds, without what is remembered of how the file says it. */
function inForce({ accounts, revision: _revision, notices: _notices, ...rest }: Config): unknown {
  const values = Object.entries(accounts).map(([id, { chosen: _chosen, ...account }]) => [id, account])
  return { ...rest, accounts: Object.fromEntries(values) }
}

describe('the committed files', () => {
  it('are in step with the declarations: docs/config.md', () => {
    expect(committed('docs/config.md')).toBe(renderConfigDocs())
  })

  it('are in step with the declarations: sandbox.config.example.json5', () => {
    expect(committed('sandbox.config.example.json5')).toBe(renderExampleConfig())
  })
})

describe('every key', () => {
  it.each(KEYS)('%s stands in the documentation and in the example', (key) => {
    expect(renderConfigDocs()).toContain(`| \`${key}\` |`)
    expect(renderExampleConfig()).toMatch(new RegExp(`^ *(?:// )?${key}: `, 'm'))
  })

  it('has a description and an example that its own schema takes', () => {
    for (const settings of [accountSettings, channelSettings, daemonSettings]) {
      for (const [key, schema] of Object.entries(settings)) {
        const meta = settingMeta(schema)
        expect(meta?.description, key).toMatch(/\.$/)
        expect(schema.safeParse(meta?.example).success, key).toBe(true)
        if (meta?.default !== undefined && key !== 'authDir') {
          expect(schema.safeParse(meta.default).success, key).toBe(true)
        }
      }
    }
  })

  it('that runs programs, opens paths or reaches other hosts is no business of a dashboard', () => {
    const remote = Object.entries({ ...accountSettings, ...channelSettings, ...daemonSettings })
      .filter(([, schema]) => settingMeta(schema)?.remote)
      .map(([key]) => key)
    for (const key of [
      'authDir',
      'agents',
      'webhooks',
      'transport',
      'cloudApi',
      'configWrites',
      ...Object.keys(daemonSettings),
    ]) {
      expect(remote).not.toContain(key)
    }
    expect(remote).toContain('allowFrom')
  })
})

describe('the example', () => {
  it('is valid, allows two people and needs no remark', () => {
    const config = resolveConfig(renderExampleConfig(), CONTEXT)
    expect(config.accounts['default']?.access).toEqual({
      dmPolicy: 'allowlist',
      allowFrom: ['+15555550101', '+15555550100'],
    })
    expect(config.notices).toEqual([])
  })

  it('shows the defaults as they are: with all of them in force nothing changes', () => {
    const withDefault = Object.entries({ ...accountSettings, ...channelSettings, ...daemonSettings })
      .filter(([key, schema]) => settingMeta(schema)?.default !== undefined && key !== 'authDir')
      .map(([key]) => key)
    const plain = resolveConfig(renderExampleConfig(), CONTEXT)
    const full = resolveConfig(uncommented(...withDefault), CONTEXT)
    expect(inForce(full)).toEqual(inForce(plain))
    expect(full.notices).toEqual([])
  })

  it('is valid with every setting in force', () => {
    expect(resolveConfig(uncommented(...KEYS), CONTEXT).accounts['default']).toMatchObject({
      name: 'Home',
      authDir: '/var/lib/whatsappd/home',
    })
  })

  it('fits the demo, which points it to its own server', () => {
    const webSocketUrl = 'ws://127.0.0.1:4000/ws/chat'
    const noiseRootKey = Buffer.alloc(32, 7).toString('base64')
    const text = demoConfigText(renderExampleConfig(), { webSocketUrl, noiseRootKey })
    expect(resolveConfig(text, CONTEXT).daemon.whatsapp).toMatchObject({ webSocketUrl, noiseRootKey })
    expect(demoPeople(renderExampleConfig())).toMatchObject({ alice: '+15555550101', owner: '+15555550100' })
  })
})
