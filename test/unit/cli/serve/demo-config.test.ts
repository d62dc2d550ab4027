import json5 from 'json5'
import { describe, expect, test } from 'vitest'
import { demoConfigText, demoPeople } from '../../../../src/cli/serve/demo-config.ts'

const SERVER = { webSocketUrl: 'ws://127.0.0.1:4000/ws/chat', noiseRootKey: 'a2V5' }

describe('demoConfigText', () => {
  test('connects to the simulated WhatsApp and keeps the rest with its comments', () => {
    const text = demoConfigText(
      "{ /* mine */ channels: { whatsapp: { allowFrom: ['+15555550101'] } } }",
      SERVER,
    )
    expect(text).toContain('/* mine */')
    expect(json5.parse(text)).toEqual({
      channels: {
        whatsapp: {
          allowFrom: ['+15555550101'],
          agents: { demo: { connector: 'demo', name: 'Demo assistant' } },
          replyToMode: 'first',
        },
      },
      whatsappd: { whatsapp: SERVER },
    })
  })

  test('keeps the assistants of the config, and how they quote', () => {
    const own = { agents: { ada: { connector: 'echo' } } }
    const keeps = (channel: object): unknown =>
      json5.parse(demoConfigText(json5.stringify({ connectors: { whatsapp: channel } }), SERVER)).connectors
        .whatsapp
    expect(keeps(own)).toEqual(own)
    expect(keeps({ replyToMode: 'off' })).toMatchObject({ replyToMode: 'off', agents: {} })
    expect(keeps({})).toMatchObject({ replyToMode: 'first', agents: { demo: {} } })
  })

  test('refuses a config that would write into another directory', () => {
    const text = '{ channels: { whatsapp: { accounts: { second: { authDir: "/data" } } } } }'
    expect(() => demoConfigText(text, SERVER)).toThrow('without authDir')
    expect(() => demoConfigText('{ channels: { whatsapp: { authDir: null } } }', SERVER)).not.toThrow()
  })

  test('says what is wrong with a file that is no JSON5', () => {
    expect(() => demoConfigText('{ channels: ', SERVER)).toThrow(/^the config is not JSON5: /)
  })
})

describe('demoPeople', () => {
  test.each([
    ["['+1 555 555 0101', 15555550102]", { alice: '+15555550101', owner: '+15555550102' }],
    ["['+15555550101']", { alice: '+15555550101', owner: '+15555550100' }],
    ["['+15555550100']", { alice: '+15555550100', owner: '+15555550101' }],
    ["['*']", { alice: '+15555550101', owner: '+15555550100' }],
    ['[]', { alice: '+15555550101', owner: '+15555550100' }],
  ])('with allowFrom %s', (allowFrom, expected) => {
    const people = demoPeople(`{ channels: { whatsapp: { allowFrom: ${allowFrom} } } }`)
    expect(people).toMatchObject(expected)
    expect(new Set(Object.values(people)).size).toBe(3)
  })

  test('with the settings under connectors.whatsapp', () => {
    expect(demoPeople("{ connectors: { whatsapp: { allowFrom: ['+15555550107'] } } }").alice).toBe(
      '+15555550107',
    )
  })
})
