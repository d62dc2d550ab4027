import { describe, expect, it } from 'vitest'
import { namedProxies, proxyFor } from '../../../src/network/proxy-for.ts'

const settings = (proxy: string | null = null, noProxy: string[] = []) => ({ proxy, noProxy })
const WHATSAPP = 'wss://web.whatsapp.com/ws/chat'
const MODEL = 'http://models.example:11434/v1'

describe('the proxy for a URL', () => {
  it.each([
    ['no proxy anywhere', settings(), {}, WHATSAPP, null],
    ['the setting', settings('http://a:1'), { https_proxy: 'http://b:2' }, WHATSAPP, 'http://a:1/'],
    [
      'the setting without a protocol',
      settings('proxy.example:3128'),
      {},
      WHATSAPP,
      'http://proxy.example:3128/',
    ],
    ['a SOCKS proxy', settings('socks5://a:1'), {}, WHATSAPP, 'socks5://a:1'],
    ['none, whatever the environment says', settings('none'), { https_proxy: 'http://b:2' }, WHATSAPP, null],
    [
      'lower case before upper case',
      settings(),
      { https_proxy: 'http://b:2', HTTPS_PROXY: 'http://c:3' },
      WHATSAPP,
      'http://b:2/',
    ],
    ['upper case', settings(), { HTTPS_PROXY: 'http://c:3' }, WHATSAPP, 'http://c:3/'],
    [
      'an empty variable is not set',
      settings(),
      { https_proxy: '', HTTPS_PROXY: 'http://c:3' },
      WHATSAPP,
      'http://c:3/',
    ],
    ['wss is not for HTTP_PROXY', settings(), { HTTP_PROXY: 'http://c:3' }, WHATSAPP, null],
    ['http is', settings(), { HTTP_PROXY: 'http://c:3', HTTPS_PROXY: 'http://d:4' }, MODEL, 'http://c:3/'],
    [
      'ALL_PROXY for what has no other',
      settings(),
      { ALL_PROXY: 'socks5://e:5', HTTP_PROXY: 'http://c:3' },
      WHATSAPP,
      'socks5://e:5',
    ],
    ['NO_PROXY', settings(), { https_proxy: 'http://b:2', NO_PROXY: 'whatsapp.com' }, WHATSAPP, null],
    [
      'noProxy besides it',
      settings('http://a:1', ['models.example']),
      { no_proxy: 'whatsapp.com' },
      MODEL,
      null,
    ],
    [
      'noProxy besides it, the other one',
      settings('http://a:1', ['models.example']),
      { no_proxy: 'whatsapp.com' },
      WHATSAPP,
      null,
    ],
    ['this machine', settings('http://a:1'), { all_proxy: 'http://b:2' }, 'http://127.0.0.1:11434/v1', null],
    ['this machine by name', settings('http://a:1'), {}, 'ws://localhost:1/', null],
  ] as const)('%s', (_name, chosen, env, url, expected) => {
    expect(proxyFor(url, { ...chosen, noProxy: [...chosen.noProxy] }, { ...env })?.href ?? null).toBe(
      expected,
    )
  })

  it.each([
    [settings('ftp://user:secret@a'), {}, 'whatsappd.proxy'],
    [settings('http://'), {}, 'whatsappd.proxy'],
    [settings('http://user:100%secret@a'), {}, 'whatsappd.proxy'],
    [settings(), { HTTP_PROXY: 'http://user:secret@a:99999' }, 'HTTP_PROXY'],
    [settings(), { all_proxy: 'gopher://a' }, 'all_proxy'],
  ] as const)('is refused with its place and without its value: %#', (chosen, env, place) => {
    const read = (): unknown => namedProxies(chosen, { ...env })
    expect(read).toThrow(place)
    expect(read).not.toThrow('secret')
  })
})
