import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { destinationOf, isListed, isLoopback } from '../../../src/network/no-proxy.ts'

describe('this machine', () => {
  it.each([
    'ws://localhost/',
    'http://LOCALHOST:8080/',
    'http://localhost./',
    'http://app.localhost/',
    'http://127.0.0.1/',
    'http://127.8.9.10/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://[::1]:9/',
    'http://[::ffff:127.0.0.1]/',
    'http://0.0.0.0:1/',
    'http://[::]/',
  ])('is %s', (url) => {
    expect(isLoopback(destinationOf(url))).toBe(true)
  })

  it.each(['http://localhost.example/', 'http://128.0.0.1/', 'http://127.0.0.1.example/', 'http://[::2]/'])(
    'is not %s',
    (url) => {
      expect(isLoopback(destinationOf(url))).toBe(false)
    },
  )
})

describe('what a list names', () => {
  it.each([
    ['*', 'https://any.example/', true],
    ['', 'https://any.example/', false],
    [' , ,', 'https://any.example/', false],
    ['example.com', 'https://example.com/', true],
    ['example.com', 'https://api.example.com/', true],
    ['example.com', 'https://badexample.com/', false],
    ['.example.com', 'https://api.example.com/', true],
    ['.example.com', 'https://example.com/', true],
    ['*.example.com', 'https://a.b.example.com/', true],
    ['EXAMPLE.com.', 'https://Example.COM./', true],
    ['other.example example.com', 'https://example.com/', true],
    ['other.example,example.com', 'https://example.com/', true],
    ['example.com:443', 'https://example.com/', true],
    ['example.com:443', 'wss://example.com/', true],
    ['example.com:443', 'https://example.com:8443/', false],
    ['example.com:80', 'ws://example.com/', true],
    ['10.0.0.0/8', 'http://10.200.3.4/', true],
    ['10.0.0.0/8', 'http://11.0.0.1/', false],
    ['10.0.0.0/8', 'http://10.example/', false],
    ['10.0.0.0/33', 'http://10.0.0.1/', false],
    ['10.0.0.0/8:80', 'http://10.0.0.1/', true],
    ['192.168.*', 'http://192.168.1.1/', true],
    ['192.168.*', 'http://192.169.1.1/', false],
    ['127.*', 'http://127.0.0.1/', true],
    ['10.1.2.3', 'http://10.1.2.3/', true],
    ['10.1.2.3', 'http://10.1.2.34/', false],
    ['fd00::/8', 'http://[fd12::1]/', true],
    ['fd00::/8', 'http://[fe80::1]/', false],
    ['fd12::1', 'http://[fd12:0:0::1]/', true],
    ['[fd12::1]', 'http://[fd12::1]/', true],
    ['[fd12::1]:8080', 'http://[fd12::1]/', false],
    ['[fd12::1]:8080', 'http://[fd12::1]:8080/', true],
    ['test', 'http://models.test/', true],
  ])('%j and %s: %s', (list, url, expected) => {
    expect(isListed(list, destinationOf(url))).toBe(expected)
  })

  it('is read whatever is written there', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.webUrl(), (list, url) => {
        expect(isListed(list, destinationOf(url))).toBeTypeOf('boolean')
      }),
    )
  })

  it('names a host by each of its own forms, in any company', () => {
    const word = fc.stringMatching(/^[a-z]{3,8}$/)
    fc.assert(
      fc.property(word, word, fc.constantFrom('', '.', '*.'), fc.boolean(), (sub, name, before, hasPort) => {
        const entry = `${before}${name}.example${hasPort ? ':443' : ''}`
        const destination = destinationOf(`https://${sub}.${name}.example/`)
        expect(isListed(`other.test, ${entry}`, destination)).toBe(true)
        expect(isListed(entry, destinationOf(`https://${sub}${name}.example/`))).toBe(false)
      }),
    )
  })
})
