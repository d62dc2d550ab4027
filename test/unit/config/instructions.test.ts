import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { remoteKey } from '../../../src/config/edit/remote-key.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'
import type { AccountConfig } from '../../../src/config/model.ts'

const GROUP = '120363000000000001@g.us'
const read = (section: string) =>
  resolveConfig(`{ channels: { whatsapp: { ${section} } } }`, {
    directory: '/etc/sandbox',
    env: {},
    connectors: CONNECTORS,
  })
const account = (section: string): AccountConfig | undefined => read(section).accounts['default']

describe("the operator's words to an agent", () => {
  it('are read for groups and people, in any notation of the number', () => {
    const direct = `direct: { '+1 (555) 555-0101': { systemPrompt: 'Alice' }, 'lid:123456789': { systemPrompt: 'Id' }, '*': { systemPrompt: 'All' } }`
    expect({ ...account(direct)?.direct }).toEqual({
      '+15555550101': 'Alice',
      'lid:123456789': 'Id',
      '*': 'All',
    })
    const groups = account(
      `groups: { '${GROUP}': { systemPrompt: 'Be brief.', historyLimit: 3 } }`,
    )?.groupAccess
    expect(groups?.groups[GROUP]).toMatchObject({ systemPrompt: 'Be brief.', historyLimit: 3 })
  })

  it('stand beside how much of the past an agent gets about single people', () => {
    const dms = `dms: { '+1 (555) 555-0101': { historyLimit: 0 }, 'lid:123456789': { historyLimit: 7 }, '*': { historyLimit: 9 } }`
    expect({ ...account(dms)?.dms }).toEqual({ '+15555550101': 0, 'lid:123456789': 7, '*': 9 })
    expect(read(`dms: { '12': { historyLimit: 1 } }`).badEntries?.problems).toMatchObject([
      { code: 'not_a_number', path: 'channels.whatsapp.dms.12' },
    ])
    expect(() => read(`dms: { '+15555550101': { historyLimit: -1 } }`)).toThrow()
    expect(() => remoteKey(['dms'])).toThrow(expect.objectContaining({ code: 'config_key_refused' }))
  })

  it('for nobody are a problem of that entry, and its other keys belong to another tool', () => {
    const { badEntries, notices } = read(
      `direct: { '12': { systemPrompt: 'x' }, '+15555550101': { tools: {} } }`,
    )
    expect(badEntries?.problems).toMatchObject([
      { code: 'not_a_number', path: 'channels.whatsapp.direct.12' },
    ])
    expect(notices).toMatchObject([
      { code: 'foreign_key', path: 'channels.whatsapp.direct.+15555550101.tools' },
    ])
  })

  // Who may edit them tells an assistant that may have tools what to do.
  it.each([
    ['groups', GROUP, 'systemPrompt'],
    ['direct', '+15555550101', 'systemPrompt'],
    ['mentionPatterns'],
    ['streaming', 'chunkMode'],
  ])('%s.%s.%s is not for dashboards', (...path) => {
    expect(() => remoteKey(path.filter((segment) => segment !== undefined))).toThrow(
      expect.objectContaining({ code: 'config_key_refused' }),
    )
    expect(() => remoteKey(['groups', GROUP, 'historyLimit'])).not.toThrow()
  })
})
