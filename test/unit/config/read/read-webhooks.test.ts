import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../../src/agents/registry.ts'
import type { Config } from '../../../../src/config/model.ts'
import { ConfigError } from '../../../../src/config/problems/config-error.ts'
import { resolveConfig } from '../../../../src/config/read/resolve.ts'
import { endpointsOf } from '../../../../src/control/webhooks/endpoint.ts'

const secret = { env: 'WEBHOOK_SECRET' }
const url = 'http://127.0.0.1:9000/hook'

function read(whatsappd: object, whatsapp: object = {}, env: NodeJS.ProcessEnv = {}): Config {
  const file = JSON.stringify({ channels: { whatsapp }, whatsappd })
  return resolveConfig(file, { directory: '/srv', env, connectors: CONNECTORS })
}

function problemOf(entry: object): { code: string; path: string; message: string } {
  try {
    read({ webhooks: [entry] })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const [{ code, path, message }] = error.problems
    return { code, path, message }
  }
  throw new Error('it was taken')
}

describe('a webhook of the config', () => {
  it('has every event and no text where nothing else is said', () => {
    expect(read({ webhooks: [{ url, secret }] }).daemon.webhooks).toEqual([
      {
        place: 'whatsappd.webhooks[0]',
        url,
        shownUrl: 'http://127.0.0.1:9000/…',
        secret,
        previousSecret: null,
        events: ['*'],
        texts: false,
        accounts: null,
      },
    ])
  })

  it.each([
    ['http://169.254.169.254/latest', 'link-local'],
    ['http://0xa9fea9fe/', 'link-local'],
    ['http://[fe80::1]/', 'link-local'],
    ['http://metadata.google.internal/', 'link-local'],
    ['http://user:password@hooks.example/', 'user and a password'],
    ['ftp://hooks.example/', 'Invalid URL'],
  ])('is refused at its place: %s', (refused, why) => {
    const found = problemOf({ url: refused, secret })
    expect(found).toMatchObject({ code: 'invalid_value', path: 'whatsappd.webhooks[0].url' })
    expect(found.message).toContain(why)
  })

  it.each([
    ['mesage.received', 'Did you mean "message.received"?'],
    ['account.qr', 'never posted'],
    ['nothing', 'There is no event "nothing".'],
  ])('names an event that exists and is posted, unlike %s', (name, message) => {
    const found = problemOf({ url, secret, events: ['message.*', name] })
    expect(found.path).toBe('whatsappd.webhooks[0].events[1]')
    expect(found.message).toContain(message)
  })

  it('has a secret that can sign', () => {
    expect(problemOf({ url, secret: 'too short' })).toMatchObject({
      path: 'whatsappd.webhooks[0].secret',
      message: expect.stringContaining('openssl rand'),
    })
    expect(problemOf({ url })).toMatchObject({ path: 'whatsappd.webhooks[0].secret' })
  })

  it('shows what stands in the file for a URL of the environment', () => {
    const config = read(
      { webhooks: [{ url: '${HOOK}', secret }] },
      {},
      { HOOK: 'https://hooks.example/token' },
    )
    expect(config.daemon.webhooks[0]).toMatchObject({
      url: 'https://hooks.example/token',
      shownUrl: '${HOOK}',
    })
  })

  it('is one of twenty at most', () => {
    const webhooks = Array.from({ length: 11 }, () => ({ url, secret }))
    expect(() => read({ webhooks }, { webhooks })).toThrow('There are 22 webhooks in this file')
  })
})

describe('the endpoints of a config', () => {
  it('are those of the process and of the accounts; a list that accounts share is one', () => {
    const config = read(
      { webhooks: [{ url, secret, accounts: ['work'] }] },
      {
        webhooks: [{ url, secret }],
        accounts: { default: {}, work: {}, shop: { webhooks: [{ url, secret }] }, quiet: { webhooks: [] } },
      },
    )
    const endpoints = endpointsOf(config)
    expect(endpoints.map(({ place, accounts }) => [place, [...(accounts ?? [])]])).toEqual([
      ['whatsappd.webhooks[0]', ['work']],
      ['channels.whatsapp.webhooks[0]', ['default', 'work']],
      ['channels.whatsapp.accounts.shop.webhooks[0]', ['shop']],
    ])
    expect(new Set(endpoints.map(({ id }) => id)).size).toBe(3)
  })

  it('keep their ids when entries before them come and go, and others change', () => {
    const before = endpointsOf(
      read({
        webhooks: [
          { url, secret },
          { url, secret, texts: true },
        ],
      }),
    )
    const after = endpointsOf(
      read({
        webhooks: [
          { url: 'https://hooks.example/', secret },
          { url, secret, events: ['message.*'] },
        ],
      }),
    )
    expect(after[1]?.id).toBe(before[0]?.id)
    expect(before[0]?.id).not.toBe(before[1]?.id)
  })
})
