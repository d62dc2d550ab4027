/** The command line on a Business number: each command says what is the case, in lines that fit a terminal of 80 columns. */
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BusinessDaemon } from '../../support/business-daemon.ts'
import { CommandLine } from '../../support/command-line.ts'
import { ALICE, MALLORY } from '../../support/stack.ts'

let daemon: BusinessDaemon
const run = (...words: string[]) => CommandLine.run(words, { WHATSAPPD_STATE_DIR: daemon.stateDir })
const sends = (): number => daemon.platform.calls.items.filter(({ operation }) => operation === 'send').length
const expectNarrow = (text: string): void => {
  // A word that is longer, such as an address, stays whole.
  for (const line of text.split('\n'))
    if (line.trim().includes(' ')) expect(line.length, line).toBeLessThanOrEqual(80)
}

beforeEach(async () => {
  daemon = await BusinessDaemon.start({ subscribes: false })
  await daemon.untilState('connected')
  await daemon.platform.subscribe(daemon.number, daemon.callbackUrl)
  daemon.platform.addTemplate(daemon.number, {
    name: 'order_ready',
    language: 'en',
    category: 'UTILITY',
    components: [
      {
        type: 'BODY',
        text: `Hello {{1}}, order {{2}} is ready. ${'You can fetch it at any time of the day. '.repeat(4)}`,
      },
    ],
  })
})
afterEach(() => daemon.stop())

describe('send --template', () => {
  it('sends it filled in, to somebody who has not written for a day', async () => {
    const sent = await run(
      'send',
      ALICE,
      '--template',
      'order_ready',
      '--variable',
      '1=Ann',
      '--variable',
      '2=1843',
      '--wait',
      'delivered',
    )
    expect(sent).toMatchObject({ code: 0, stderr: '' })
    expect(sent.stdout).toMatch(/: stored, for \+[\d]+ \(queued\)\n[\s\S]*: (delivered|read)\n$/)
    expectNarrow(sent.stdout)
    await daemon.untilSeen(daemon.alice, /^Hello Ann, order 1843 is ready\./)
  })

  describe('with a picture in its header and a button whose address has a place', () => {
    const HEADER = 'https://shop.example/receipt.png'
    beforeEach(() => {
      daemon.platform.addTemplate(daemon.number, {
        name: 'receipt',
        language: 'en',
        category: 'UTILITY',
        components: [
          { type: 'HEADER', format: 'IMAGE' },
          { type: 'BODY', text: 'Here is your receipt.' },
          {
            type: 'BUTTONS',
            buttons: [
              { type: 'QUICK_REPLY', text: 'Thanks' },
              { type: 'URL', text: 'Open', url: 'https://shop.example/{{1}}' },
            ],
          },
        ],
      })
    })
    const send = (...options: string[]) => run('send', ALICE, '--template', 'receipt', ...options)

    it('sends --header and --button as Meta takes them', async () => {
      const sent = await send('--header', HEADER, '--button', '1=r/1843', '--wait', 'delivered')
      expect(sent).toMatchObject({ code: 0, stderr: '' })
      const [message] = daemon.number.messages.filter(({ direction }) => direction === 'out')
      expect(message?.content['components']).toEqual([
        { type: 'header', parameters: [{ type: 'image', image: { link: HEADER } }] },
        { type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: 'r/1843' }] },
      ])
    })

    it.each<[string, string[], RegExp]>([
      ['the picture is missing', ['--button', '1=x'], /header/],
      ['the value of the button is missing', ['--header', HEADER], /button/],
      [
        'the address is no https',
        ['--header', 'http://shop.example/a.png', '--button', '1=x'],
        /header\.link/,
      ],
      ['a button takes no value', ['--header', HEADER, '--button', '1=x', '--button', '5=x'], /5/],
      ['a button is no number', ['--header', HEADER, '--button', 'one=x'], /number of a button/],
    ])('says so where %s, and sends nothing', async (_case, options, says) => {
      const { code, stdout, stderr } = await send(...options)
      expect(code).not.toBe(0)
      expect(stdout).toBe('')
      expect(stderr).toMatch(says)
      expect(sends()).toBe(0)
    })
  })

  it.each<[string, string[], RegExp]>([
    ['a variable is missing', ['--variable', '1=Ann'], /template\.variables\.2|"2"|\b2\b/],
    ['every variable is missing', [], /\b1\b/],
    ['a variable is unknown', ['--variable', '1=a', '--variable', '2=b', '--variable', 'nmae=x'], /nmae/],
    ['a value has two lines', ['--variable', '1=a\nb', '--variable', '2=b'], /line/],
    ['it is not in that language', ['--language', 'de', '--variable', '1=a', '--variable', '2=b'], /\ben\b/],
  ])('says so where %s, and sends nothing', async (_case, options, says) => {
    const { code, stdout, stderr } = await run('send', ALICE, '--template', 'order_ready', ...options)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(says)
    expect(sends()).toBe(0)
  })

  it('says which there are where the name is none', async () => {
    const { code, stderr } = await run('send', ALICE, '--template', 'oder_ready')
    expect(code).toBe(1)
    expect(stderr).toMatch(/whatsappd templates|order_ready|Choose a template/)
    expect(sends()).toBe(0)
  })

  it('of a template that Meta pauses between the list and the send says so, and sends none again', async () => {
    expect((await run('templates')).code).toBe(0)
    for (const template of daemon.number.account.templates) template.status = 'PAUSED'
    const { code, stderr } = await run(
      'send',
      ALICE,
      '--template',
      'order_ready',
      '--variable',
      '1=Ann',
      '--variable',
      '2=1',
      '--wait',
      'sent',
    )
    expect(code).toBe(1)
    expect(stderr).toMatch(/paused/i)
    expect(sends()).toBe(1)
  })

  it('to somebody who is not allowed goes nowhere', async () => {
    const { code } = await run(
      'send',
      MALLORY,
      '--template',
      'order_ready',
      '--variable',
      '1=Ann',
      '--variable',
      '2=1',
    )
    expect(code).toBe(1)
    expect(sends()).toBe(0)
  })

  it.each([
    [['--template', 'order_ready', 'and a text']],
    [['--language', 'de', 'a text']],
    [['--header', 'https://shop.example/a.png', 'a text']],
    [['--button', '0=x', 'a text']],
    [['--variable', 'no-value', '--template', 'order_ready']],
  ])('refuses %j before anything is asked', async (options) => {
    const { code, stderr } = await run('send', ALICE, ...options)
    expect(code).not.toBe(0)
    expect(stderr).not.toBe('')
    expect(sends()).toBe(0)
  })
})

it('a text to somebody who has not written says what goes instead', async () => {
  const { code, stderr } = await run('send', ALICE, 'hello')
  expect(code).toBe(1)
  expect(stderr).toMatch(/template/)
  expect(sends()).toBe(0)
})

it('templates shows each with what must be given, and what to type', async () => {
  const { code, stdout } = await run('templates')
  expect(code).toBe(0)
  expect(stdout).toContain('order_ready  en  utility')
  expect(stdout).toContain('variables: 1, 2')
  expect(stdout).toContain('whatsappd send <to> --template <name> --variable <name>=<value>')
  expectNarrow(stdout)
  daemon.number.account.templates.length = 0
  expect((await run('templates', '--refresh')).stdout).toContain('no approved template')
})

it('open --share prints the address of the number, and its QR code in a terminal of 80 × 24', async () => {
  const link = `https://wa.me/${daemon.number.digits}`
  expect(await run('open', '--share')).toMatchObject({ code: 0, stdout: expect.stringContaining(link) })
  const terminal = CommandLine.inTerminal(
    ['open', '--share'],
    { WHATSAPPD_STATE_DIR: daemon.stateDir, TERM: 'xterm' },
    { columns: 80, rows: 24 },
  )
  expect(await terminal.exit).toBe(0)
  expect(terminal.stdout).toContain(link)
  const lines = stripVTControlCharacters(terminal.stdout).trimEnd().split(/\r?\n/)
  expect(lines.length).toBeLessThanOrEqual(23)
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  expect(lines.some((line) => /[▄▀█]{4}/.test(line))).toBe(true)
})

it('logout says what it will do to a Business number, does it, and names what still holds the token', async () => {
  const asked = await run('logout')
  expect(asked.code).toBe(1)
  expect(asked.stderr).toMatch(/This disconnects default .*the history stays.*--yes/s)
  expect(asked.stderr).not.toContain(daemon.number.digits)
  const { code, stdout } = await run('logout', '--yes')
  expect(code).toBe(0)
  expect(stdout).toContain('disconnected; the app gets no webhooks of it any more.')
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    'take out channels.whatsapp.cloudApi.accessToken and channels.whatsapp.cloudApi.appSecret',
  )
  expectNarrow(stdout)
  expect(daemon.number.account.subscribedApps.size).toBe(0)
  expect((await run('logout', '--yes')).stdout).toContain('was not linked')
  const status = await run('status')
  expect(status.stdout).toContain('disconnected here')
  expectNarrow(status.stdout)
})

it('link finishes the set-up, and prints each step', async () => {
  daemon.number.state.platform = 'NOT_APPLICABLE'
  daemon.number.state.status = 'PENDING'
  const { code, stdout } = await run('link')
  expect(code).toBe(0)
  for (const step of ['access token: done', 'number: done', 'registration: done'])
    expect(stdout).toContain(step)
  expectNarrow(stdout)
  expect(daemon.number.isRegistered).toBe(true)
})

describe('logs', () => {
  it('name messages by words that hold no number, and follow one that is named so', async () => {
    daemon.alice.write(daemon.number, 'how much is it?')
    await daemon.untilSeen(daemon.alice, /how much is it/)
    const listed = await run('logs', '--limit', '1000')
    expect(listed).toMatchObject({ code: 0, stderr: '' })
    const printed = await run('logs', '--json', '--limit', '1000')
    for (const text of [listed.stdout, printed.stdout]) expect(text).not.toContain('wamid.')
    const [, shown = ''] = /message\.received .*messageId=(wamid~[a-z]+)/.exec(listed.stdout) ?? []
    const way = await run('logs', '--message', shown)
    expect(way).toMatchObject({ code: 0, stderr: '' })
    expect(way.stdout).toMatch(/ stored {4}turn .*\n.* turn {6}answered .*\n.* reply /)
    expect(way.stdout).not.toContain('wamid.')
    const { code, stderr } = await run(
      'logs',
      '--message',
      `${shown.slice(0, -1)}${shown.endsWith('b') ? 'c' : 'b'}`,
    )
    expect([code, stderr]).toEqual([1, expect.stringContaining('nothing is known of the message')])
  })
})
