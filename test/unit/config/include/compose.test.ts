import { mkdirSync, symlinkSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { IncludedFiles } from './included-files.ts'

const [ALICE, BOB, CAROL] = ['+15555550101', '+15555550102', '+15555550103']

let files: IncludedFiles

function valueOf(all: Record<string, string>): unknown {
  files = new IncludedFiles(all)
  return files.value
}

describe('what $include stands for', () => {
  it('is the content of the file, in place of the object', () => {
    expect(
      valueOf({
        'main.json5': "{ channels: { whatsapp: { $include: './wa.json' } } }",
        'wa.json': '\uFEFF// head\n{ "allowFrom": { "$include": "lists/people.json5" } } // tail',
        'lists/people.json5': `['${ALICE}', /* and */ '${BOB}']`,
      }),
    ).toEqual({ channels: { whatsapp: { allowFrom: [ALICE, BOB] } } })
  })

  // A policy of OpenClaw's defaults that came from another file did not count.
  it('is followed in the defaults of all channels, and in no section that is not ours', () => {
    expect(
      valueOf({
        'main.json5':
          "{ channels: { defaults: { $include: 'd.json5' }, slack: { $include: 'gone.json5' }, whatsapp: {} } }",
        'd.json5': "{ groupPolicy: 'disabled' }",
      }),
    ).toEqual({
      channels: { defaults: { groupPolicy: 'disabled' }, slack: { $include: 'gone.json5' }, whatsapp: {} },
    })
  })

  it('may be everything, and a path from the file that includes it', () => {
    expect(
      valueOf({
        'main.json5': "{ $include: 'a/base.json5' }",
        'a/base.json5': "{ $include: './b/deep.json5' }",
        'a/b/deep.json5': "{ whatsappd: { log: { $include: '../../log.json5' } } }",
        'log.json5': "{ level: 'warn' }",
      }),
    ).toEqual({ whatsappd: { log: { level: 'warn' } } })
  })

  it('is merged from several files: the later one wins, lists follow one another', () => {
    expect(
      valueOf({
        'main.json5': "{ channels: { whatsapp: { $include: ['a.json5', 'b.json5'] } } }",
        'a.json5': `{ typing: true, name: 'A', allowFrom: ['${ALICE}'], pace: { perMinute: 1, perHour: 2 } }`,
        'b.json5': `{ name: 'B', allowFrom: ['${BOB}', '${CAROL}'], pace: { perHour: 3 }, enabled: false }`,
      }),
    ).toEqual({
      channels: {
        whatsapp: {
          typing: true,
          name: 'B',
          allowFrom: [ALICE, BOB, CAROL],
          pace: { perMinute: 1, perHour: 3 },
          enabled: false,
        },
      },
    })
  })

  it('gives way to the keys beside it', () => {
    expect(
      valueOf({
        'main.json5': `{
  name: 'other tool', // kept
  $include: './base.json5',
  channels: { whatsapp: { name: 'mine', senders: { $include: 'senders.json5' } } },
}`,
        'base.json5':
          "{ channels: { whatsapp: { name: 'theirs', typing: false }, telegram: { a: 1 } }, whatsappd: {} }",
        'senders.json5': `{ '${ALICE}': { name: 'Alice' } }`,
      }),
    ).toMatchObject({
      name: 'other tool',
      channels: {
        whatsapp: { name: 'mine', typing: false, senders: { [ALICE]: { name: 'Alice' } } },
        telegram: { a: 1 },
      },
      whatsappd: {},
    })
  })

  it('may be empty, or an item of a list', () => {
    expect(
      valueOf({
        'main.json5':
          "{ channels: { whatsapp: { $include: ['empty.json5', 'one.json5', 'empty.json5'] } }, whatsappd: { allowedOrigins: [{ $include: 'x.json5' }] } }",
        'empty.json5': '{}',
        'one.json5': '{ typing: false }',
        'x.json5': '"https://a.example"',
      }),
    ).toEqual({
      channels: { whatsapp: { typing: false } },
      whatsappd: { allowedOrigins: ['https://a.example'] },
    })
  })

  it('does not concern the sections of other tools', () => {
    expect(
      valueOf({
        'main.json5':
          "{ agents: { $include: './nowhere.json5' }, channels: { telegram: { $include: '/etc/passwd' }, whatsapp: {} } }",
      }),
    ).toEqual({
      agents: { $include: './nowhere.json5' },
      channels: { telegram: { $include: '/etc/passwd' }, whatsapp: {} },
    })
  })
})

const MAIN = "{\n  channels: {\n    whatsapp: { $include: './wa.json5' },\n  },\n}"

describe('a problem has the place in the file where it is', () => {
  it.each<[string, Record<string, string>, object]>([
    [
      'a wrong value of an included file',
      { 'wa.json5': "{\n  typing: 'yes',\n}" },
      { code: 'wrong_type', path: 'channels.whatsapp.typing', file: 'wa.json5', line: 2, column: 11 },
    ],
    [
      'an unknown key of an included file',
      { 'wa.json5': '{ typign: true }' },
      { code: 'unknown_key', file: 'wa.json5', line: 1, column: 3 },
    ],
    [
      'a syntax error of an included file',
      { 'wa.json5': '{\n  typing: tru }' },
      { code: 'syntax', file: 'wa.json5', line: 2 },
    ],
    ['an empty included file', { 'wa.json5': '' }, { code: 'empty', file: 'wa.json5' }],
    [
      'a key that is twice in one',
      { 'wa.json5': '{ typing: true, typing: false }' },
      { code: 'duplicate_key', file: 'wa.json5', column: 17 },
    ],
    [
      'a file two levels down',
      { 'wa.json5': "{ pace: { $include: 'd/pace.json5' } }", 'd/pace.json5': "\n\n { perMinute: 'x' }" },
      { code: 'wrong_type', file: 'd/pace.json5', line: 3, column: 15 },
    ],
    [
      'a merged key',
      { 'wa.json5': "{ $include: ['x.json5', 'y.json5'], typing: 'yes' }", 'x.json5': '{}', 'y.json5': '{}' },
      { code: 'wrong_type', file: 'wa.json5', column: 45 },
    ],
  ])('%s', (_what, others, problem) => {
    files = new IncludedFiles({ 'main.json5': MAIN, ...others })
    expect(files.problems).toMatchObject([problem])
  })

  it('and none of a file in the config file itself', () => {
    files = new IncludedFiles({
      'main.json5': "{ channels: { whatsapp: { senders: { $include: 's.json5' }, typing: 'yes' } } }",
      's.json5': '{}\n\n\n',
    })
    expect(files.problems).toMatchObject([{ path: 'channels.whatsapp.typing', line: 1, column: 69 }])
    expect(files.problems[0]).not.toHaveProperty('file')
  })
})

describe('what is not included, and says so where $include stands', () => {
  it.each<[string, string, RegExp, ((directory: string) => void)?]>([
    ['a missing file', './gone.json5', /There is no such file: .*gone\.json5/],
    ['a file above', '../outside.json5', /must be in the directory of the config file/],
    ['an absolute path elsewhere', '/etc/passwd', /must be in the directory/],
    ['the directory itself', '.', /must be in the directory/],
    ['a directory', './sub', /is not a file/, (directory) => mkdirSync(join(directory, 'sub'))],
    [
      'a link that leads out',
      './out.json5',
      /must be in the directory/,
      (directory) => symlinkSync('/etc/hostname', join(directory, 'out.json5')),
    ],
    [
      'a directory that leads out',
      './etc/hostname',
      /must be in the directory/,
      (directory) => symlinkSync('/etc', join(directory, 'etc')),
    ],
    ['a pipe', './pipe', /is not a file/, (directory) => execFileSync('mkfifo', [join(directory, 'pipe')])],
    [
      'a device',
      './null',
      /must be in the directory/,
      (directory) => symlinkSync('/dev/zero', join(directory, 'null')),
    ],
    [
      'a link to nothing',
      './dangling',
      /There is no such file|cannot be read/,
      (directory) => symlinkSync('./nothing', join(directory, 'dangling')),
    ],
    ['itself', './main.json5', /includes itself/],
    ['a variable in the path', './${NAME}.json5', /variables are not expanded/],
    ['another home', '~bob/x.json5', /no such file/],
  ])('%s', (_what, written, message, prepare) => {
    files = new IncludedFiles({ 'main.json5': `{ channels: { whatsapp: { $include: '${written}' } } }` })
    prepare?.(files.directory)
    expect(files.problems).toMatchObject([
      {
        code: 'bad_include',
        path: 'channels.whatsapp.$include',
        line: 1,
        column: 27,
        message: expect.stringMatching(message),
      },
    ])
  })

  it.each([
    ['a number', '{ whatsappd: { $include: 5 } }'],
    ['an empty list', '{ whatsappd: { $include: [] } }'],
    ['a list of other things', "{ $include: ['a.json5', 1] }"],
    ['two of them', "{ whatsappd: { $include: 'a.json5', $include: 'a.json5' } }"],
    ['a list beside keys', "{ whatsappd: { $include: 'list.json5', listen: {} } }"],
  ])('%s', (_what, text) => {
    files = new IncludedFiles({ 'main.json5': text, 'a.json5': '{}', 'list.json5': '[]' })
    expect(files.problems[0]?.code).toMatch(/^(bad_include|duplicate_key)$/)
  })

  it('a circle of files', () => {
    files = new IncludedFiles({
      'main.json5': MAIN,
      'wa.json5': "{ $include: 'b.json5' }",
      'b.json5': "{ pace: { $include: './wa.json5' } }",
    })
    expect(files.problems).toMatchObject(
      [{ code: 'bad_include', file: 'b.json5', message: /itself/ }].map((each) => ({
        ...each,
        message: expect.stringMatching(each.message),
      })),
    )
  })

  it('too many levels, and ten of them are not', () => {
    const chain = (levels: number): Record<string, string> =>
      Object.fromEntries(
        Array.from({ length: levels }, (_each, index) => [
          `${index}.json5`,
          index === levels - 1 ? '{ typing: false }' : `{ $include: './${index + 1}.json5' }`,
        ]),
      )
    const main = "{ channels: { whatsapp: { $include: './0.json5' } } }"
    files = new IncludedFiles({ 'main.json5': main, ...chain(11) })
    expect(files.problems).toMatchObject([{ code: 'bad_include', file: '9.json5' }])
    files.remove()
    files = new IncludedFiles({ 'main.json5': main, ...chain(10) })
    expect(files.config.accounts['default']?.typing).toBe(false)
  })

  it('too many files, also where a few of them include each other again and again', () => {
    const often = (name: string): string =>
      `{ ${['a', 'b', 'c', 'd', 'e'].map((key) => `${key}: { $include: '${name}' }`).join(', ')} }`
    files = new IncludedFiles({
      'main.json5': "{ whatsappd: { $include: '0.json5' } }",
      ...Object.fromEntries(
        Array.from({ length: 9 }, (_each, index) => [
          `${index}.json5`,
          index === 8 ? '{}' : often(`${index + 1}.json5`),
        ]),
      ),
    })
    // All of them would be 400,000, and would take a minute.
    const begin = performance.now()
    expect(files.problems).toMatchObject([
      { code: 'bad_include', message: 'More than 64 files are included.' },
    ])
    expect(performance.now() - begin).toBeLessThan(20_000)
  })

  it('more than a megabyte of them, together or by one that is included often', () => {
    const long = `{ x: '${'x'.repeat(400_000)}' }`
    files = new IncludedFiles({
      'main.json5': "{ whatsappd: { $include: ['a.json5', 'b.json5', 'c.json5'] } }",
      'a.json5': long,
      'b.json5': long,
      'c.json5': long,
    })
    expect(files.problems).toMatchObject([{ code: 'too_large' }])
    files.remove()
    files = new IncludedFiles({
      'main.json5':
        "{ whatsappd: { a: { $include: 'a.json5' }, b: { $include: 'a.json5' }, c: { $include: 'a.json5' } } }",
      'a.json5': long,
    })
    expect(files.problems).toMatchObject([{ code: 'too_large' }])
  })
})
