import { describe, expect, it } from 'vitest'
import { MediaServers } from '../../../../../src/transports/linked-device/media/media-servers.ts'
import {
  declaredSize,
  mediaPath,
  readMediaSource,
  toMediaSource,
} from '../../../../../src/transports/linked-device/media/media-source.ts'

const bytes = new Uint8Array(32).fill(7)
const TOLD = {
  mediaKey: bytes,
  fileSha256: bytes,
  fileEncSha256: bytes,
  directPath: '/v/t62/1_n.enc?oh=1',
  fileLength: 5,
}
const WHATSAPPS = new MediaServers(null)
const SIMULATOR = new MediaServers('ws://127.0.0.1:4711/ws/chat')

describe('what a message says of its file', () => {
  it('is kept as text and read again', () => {
    const media = toMediaSource('image', TOLD)
    expect(media === null ? null : readMediaSource(media)).toEqual({
      type: 'image',
      path: '/v/t62/1_n.enc?oh=1',
      url: null,
      key: Buffer.from(bytes),
      hash: Buffer.from(bytes),
      encryptedHash: Buffer.from(bytes),
      size: 5,
    })
  })

  it.each([
    ['no key', { mediaKey: null }],
    ['a short key', { mediaKey: new Uint8Array(31) }],
    ['a key as text', { mediaKey: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' }],
    ['no hash', { fileSha256: undefined }],
    ['no hash of the encrypted file', { fileEncSha256: new Uint8Array(0) }],
    ['no place', { directPath: '' }],
    ['a place that is no text', { directPath: 7 }],
    ['a place without an end', { directPath: `/${'a'.repeat(5_000)}` }],
  ])('leads to nothing with %s', (_what, wrong) => {
    expect(toMediaSource('image', { ...TOLD, ...wrong })).toBeNull()
  })

  it.each([
    [5, 5],
    [0, null],
    [-1, null],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
    [2 ** 60, null],
    ['5', null],
    [{ toNumber: () => 9 }, 9],
    [{ toNumber: 9 }, null],
    [null, null],
  ])('a length of %o counts as %o', (told, size) => {
    expect(declaredSize(told)).toBe(size)
  })

  it.each(['', '{}', 'null', '{"type":"image"}', '[]'])(
    'what another program made of it (%s) is none',
    (source) => {
      expect(readMediaSource({ source })).toBeNull()
    },
  )
})

describe('where a file may be fetched from', () => {
  const path = (told: { path?: string; url?: string }, servers = WHATSAPPS): string | null =>
    mediaPath({ path: null, url: null, ...told }, servers)

  it('is a path of the server of files, or of a URL of it', () => {
    expect(path({ path: '/v/a?b=1' })).toBe('/v/a?b=1')
    expect(path({ url: 'https://media-fra3-1.cdn.whatsapp.net/v/a?b=1' })).toBe('/v/a?b=1')
    expect(path({ url: 'http://127.0.0.1:4711/v/a' }, SIMULATOR)).toBe('/v/a')
  })

  it('reads a URL as every client does: what follows a backslash is the path of its host', () => {
    expect(path({ url: 'https://mmg.whatsapp.net\\@evil.example/x' })).toBe('/@evil.example/x')
  })

  it.each([
    '//evil.example/x',
    '/\\evil.example/x',
    '\\\\evil.example\\x',
    '/\t/evil.example/x',
    '/\n/evil.example',
    'http://evil.example/x',
    'file:///etc/passwd',
    '@evil.example/x',
    '.evil.example/x',
    ':443/x',
    'x',
    '',
    ' /x',
  ])('no path leads elsewhere: %j', (told) => {
    expect(path({ path: told })).toBeNull()
  })

  it.each([
    'http://127.0.0.1/admin',
    'http://127.0.0.1:4711/admin',
    'http://[::1]/admin',
    'http://[::ffff:127.0.0.1]/admin',
    'http://169.254.169.254/latest/meta-data',
    'https://localhost/x',
    'https://2130706433/x',
    'https://0x7f.1/x',
    'https://evil.example/x',
    'https://mmg.whatsapp.net.evil.example/x',
    'https://evilwhatsapp.net/x',
    'https://whatsapp.net/x',
    'https://mmg.whatsapp.net:8443/x',
    'https://user@mmg.whatsapp.net/x',
    'https://mmg.whatsapp.net@evil.example/x',
    'https://user:password@mmg.whatsapp.net/x',
    'https://mmg。whatsapp。net.evil.example/x',
    'https://mmg.whatsapp.net%2eevil.example/x',
    'https://xn--mmg-whatsapp-net.example/x',
    'ftp://mmg.whatsapp.net/x',
    'file:///etc/passwd',
    'data:text/plain,x',
    'javascript:alert(1)',
    '//mmg.whatsapp.net/x',
    'not a url',
  ])('no URL leads elsewhere: %s', (url) => {
    expect(path({ url })).toBeNull()
  })

  it.each([
    'http://127.0.0.1:4712/x',
    'http://localhost:4711/x',
    'https://mmg.whatsapp.net/x',
    'http://127.0.0.1/x',
  ])('with another server no other one than that counts: %s', (url) => {
    expect(path({ url }, SIMULATOR)).toBeNull()
  })
})
