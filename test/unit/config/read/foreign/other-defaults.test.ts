import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../../../src/agents/registry.ts'
import type { Config } from '../../../../../src/config/model.ts'
import { resolveConfig } from '../../../../../src/config/read/resolve.ts'

const resolve = (text: string): Config =>
  resolveConfig(text, { directory: '/etc/sandbox', env: {}, connectors: CONNECTORS })
const whatsapp = (section: string): Config => resolve(`{ channels: { whatsapp: { ${section} } } }`)

describe('a key that is not set', () => {
  it('is allowlist where nothing is set, also in files of tools in which it is pairing, and they are told so', () => {
    for (const file of [
      "{ channels: { whatsapp: { allowFrom: ['+15555550101'] } }, gateway: { port: 1 } }",
      "{ connectors: { whatsapp: { allowFrom: ['+15555550101'] } } }",
    ]) {
      const config = resolve(file)
      expect(config.accounts['default']?.access.dmPolicy).toBe('allowlist')
      expect(config.notices.map(({ code, path }) => `${code} ${path}`)).toContain(
        `other_meaning ${config.section}.dmPolicy`,
      )
    }
    expect(
      resolve("{ connectors: { whatsapp: { dmPolicy: 'pairing', selfChatMode: true } } }").notices,
    ).toEqual([])
    expect(whatsapp('').notices).toEqual([])
  })

  it("offers the switch of the chat with yourself in a file of OpenClaw's, where nothing is set", () => {
    const paths = (text: string): string[] => resolve(text).notices.map(({ path }) => path)
    expect(paths("{ channels: { whatsapp: { dmPolicy: 'pairing' } }, gateway: { port: 1 } }")).toEqual([
      'channels.whatsapp.selfChatMode',
    ])
    expect(
      paths("{ channels: { whatsapp: { dmPolicy: 'pairing', selfChatMode: false } }, gateway: { port: 1 } }"),
    ).toEqual([])
  })

  it.each([
    ['', undefined],
    ['selfChatMode: true', true],
    ['selfChatMode: false', false],
    ['selfChatMode: true, ignoreOwnMessages: true', false],
  ])('the chat with yourself: %s', (text, selfChat) => {
    expect(whatsapp(text).accounts['default']?.access.selfChat).toBe(selfChat)
  })
})
