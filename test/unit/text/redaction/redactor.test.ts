import { describe, expect, it } from 'vitest'
import { redactText } from '../../../../src/text/redaction/redact-text.ts'
import { Redactor } from '../../../../src/text/redaction/redactor.ts'
import { expectLinearGrowth } from '../../../support/grows-linearly.ts'

const KEY = 'sk-live_9f8e7d6c5b4a'
const TOKEN = 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE'
const redactor = new Redactor({
  paths: ['/home/u', '/home/u/state/', '/srv/My Agent', '/data/über/用户', '/root', '/', '/home', '/var/lib'],
  secrets: [
    KEY,
    'short',
    'opensesame',
    'https://api.example.com/v1',
    'redis://:p%40ssw0rd!@10.0.0.5:6379/0',
    'https://ghp_a1b2c3d4e5@github.com/x/y',
    'postgresql://postgres@db.example.com/app',
  ],
  isOwnToken: (text) => text === TOKEN || text.startsWith('eyJhbGciOiJIUzI1NiJ9.own'),
})

function shown(text: string): string {
  return redactText(text, redactor).text
}

describe('a directory of the sandbox', () => {
  it.each([
    ['I wrote /home/u/report.pdf.', 'I wrote [removed]/report.pdf.'],
    ['It is in /home/u. Then', 'It is in [removed]. Then'],
    ['`/home/u/state/accounts/x.db`', '`[removed]/accounts/x.db`'],
    ['file:///home/u/a.png and sandbox:/home/u/b', 'file://[removed]/a.png and sandbox:[removed]/b'],
    ['vscode://file/home/u/a.ts', 'vscode://file[removed]/a.ts'],
    ['gcc -I/home/u/include --dir=/home/u', 'gcc -I[removed]/include --dir=[removed]'],
    ['["/home/u","\\/home\\/u\\/x"]', '["[removed]","[removed]\\/x"]'],
    ['?path=%2Fhome%2Fu%2Fx&b=%2fhome%2fu', '?path=[removed]%2Fx&b=[removed]'],
    [
      String.raw`cd /srv/My\ Agent; "/srv/My Agent/x"; file:///srv/My%20Agent/x`,
      'cd [removed]; "[removed]/x"; file://[removed]/x',
    ],
    ['文件在/home/u里。', '文件在[removed]里。'],
    ['파일은 /home/u에 있습니다', '파일은 [removed]에 있습니다'],
    ['الملف في /home/u/x', 'الملف في [removed]/x'],
    ['see /data/über/用户/x', 'see [removed]/x'],
    ['see /data/u\u0308ber/用户/x', 'see [removed]/x'],
    ['file:///data/%C3%BCber/%E7%94%A8%E6%88%B7/x', 'file://[removed]/x'],
    ['MEDIA:/home/u/cat.png', 'MEDIA:[removed]/cat.png'],
    ['user@host:/home/u/x', 'user@host:[removed]/x'],
  ])('is taken out of %j', (text, expected) => {
    expect(shown(text)).toBe(expected)
  })

  it.each([
    '/home/user2, /home/u2, /home/u-old, /home/u_x and /home/u.bak',
    '/mnt/home/u, ./home/u, ../home/u, ~/home/u and x/home/u',
    'https://example.com/home/u/x and https://home/u',
    '/data/über/用户名',
    '/etc/hosts, /home/you/app, /root/.ssh, /var/lib/dpkg, /home and /',
    '~/.config/app.json',
  ])('is not found in %j', (text) => {
    expect(shown(text)).toBe(text)
  })
})

describe('a secret of the sandbox', () => {
  it.each([
    [`the key is ${KEY}`, 'the key is [removed]'],
    [`密钥是${KEY}。`, '密钥是[removed]。'],
    [`Authorization: Bearer ${KEY}x`, 'Authorization: Bearer [removed]x'],
    ['say opensesame, not opensesames', 'say [removed], not opensesames'],
    ['password p@ssw0rd! or p%40ssw0rd!', 'password [removed] or [removed]'],
    ['use ghp_a1b2c3d4e5 there', 'use [removed] there'],
    [`your token ${TOKEN}!`, 'your token [removed]!'],
    [`eyJhbGciOiJIUzI1NiJ9.own.${'s'.repeat(43)}`, '[removed]'],
  ])('is taken out of %j', (text, expected) => {
    expect(shown(text)).toBe(expected)
  })

  it.each([
    'short values stay, and so does sk-example1234567890',
    'curl https://api.example.com/v1/models',
    'postgres listens at db.example.com',
    `eyJhbGciOiJIUzI1NiJ9.${'x'.repeat(30)}.${'s'.repeat(43)}`,
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  ])('is not seen in %j', (text) => {
    expect(shown(text)).toBe(text)
  })

  it('is found line by line where it has several', () => {
    const lines = [
      '-----BEGIN PRIVATE KEY-----',
      'MIIEvQIBADANBgkqhkiG9w0BAQEF',
      'qwertyuiopasdfghjklz',
      '-----END PRIVATE KEY-----',
    ]
    const ofKey = new Redactor({ paths: [], secrets: [lines.join('\n')], isOwnToken: () => false })
    expect(redactText(`> ${lines.join('\n> ')}`, ofKey)).toEqual({
      text: `> ${lines[0]}\n> [removed]\n> [removed]\n> ${lines[3]}`,
      count: 2,
    })
  })
})

it('counts each place once, also where a directory lies in another one', () => {
  expect(redactText(`/home/u/state and ${KEY}${KEY}`, redactor)).toEqual({
    text: '[removed] and [removed]',
    count: 2,
  })
})

it('stays fast for many secrets and a long text of near misses', async () => {
  const many = new Redactor({
    paths: Array.from({ length: 100 }, (_, index) => `/home/user${index}/agent`),
    secrets: Array.from({ length: 500 }, (_, index) => `secret-number-${index}-${'x'.repeat(20)}`),
    isOwnToken: () => false,
  })
  for (const nearMiss of ['/home/user1/agents secret-number-', '/', 'eyJ', `${'a'.repeat(60)} `])
    await expectLinearGrowth((length) => redactText(nearMiss.repeat(length / nearMiss.length), many), 100_000)
})
