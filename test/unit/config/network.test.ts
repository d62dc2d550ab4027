import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { ConfigError } from '../../../src/config/problems/config-error.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'

const read = (whatsappd: Record<string, unknown>) =>
  resolveConfig(JSON.stringify({ whatsappd }), { directory: '/etc/sandbox', env: {}, connectors: CONNECTORS })

describe('the way to the network', () => {
  it('is direct, or what the environment says, by default', () => {
    expect(read({}).daemon).toMatchObject({ proxy: null, noProxy: [], caFile: null })
  })

  it.each([
    ['none', { literal: 'none' }],
    ['proxy.example:3128', { literal: 'proxy.example:3128' }],
    ['http://proxy.example:3128', { literal: 'http://proxy.example:3128' }],
    ['socks5://proxy.example', { literal: 'socks5://proxy.example' }],
    [{ env: 'MY_PROXY' }, { env: 'MY_PROXY' }],
    [{ file: 'proxy' }, { file: '/etc/sandbox/proxy' }],
  ])('takes the proxy %j', (proxy, expected) => {
    const { daemon, notices } = read({ proxy, noProxy: ['10.0.0.0/8'], caFile: 'ca.pem' })
    expect(daemon).toMatchObject({ proxy: expected, noProxy: ['10.0.0.0/8'], caFile: '/etc/sandbox/ca.pem' })
    expect(notices).toEqual([])
  })

  it('warns of a password that stands there in clear, without repeating it', () => {
    const { notices } = read({ proxy: 'http://user:pass-word@proxy.example' })
    expect(notices).toMatchObject([{ code: 'literal_secret', path: 'whatsappd.proxy' }])
    expect(JSON.stringify(notices)).not.toContain('pass-word')
  })

  it.each([
    { proxy: 'ftp://user:pass-word@proxy.example' },
    { proxy: 'http://' },
    { proxy: 3128 },
    { proxy: true },
    { noProxy: '10.0.0.0/8' },
    { caFile: '' },
  ])('refuses %j', (whatsappd) => {
    const reading = (): unknown => read(whatsappd)
    expect(reading).toThrow(ConfigError)
    expect(reading).not.toThrow('pass-word')
  })
})
