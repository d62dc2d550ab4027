import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CommandLine } from '../support/command-line.ts'
import { ALICE, MALLORY, OWNER, Stack, type StackOptions } from '../support/stack.ts'

/** Keys of other tools, one a channel's account. */
function foreignKeys(count: number): Record<string, unknown> {
  const accounts = Array.from({ length: count }, (_, index) => [`shop${index}`, { heartbeat: {} }])
  return { accounts: { default: {}, ...Object.fromEntries(accounts) } }
}

describe('the command line with a running daemon', () => {
  let stack: Stack
  const commands: CommandLine[] = []
  const start = async (options?: StackOptions): Promise<void> => {
    stack = await Stack.start(options)
  }
  const begin = (...arguments_: string[]): CommandLine => {
    const command = new CommandLine(arguments_, { WHATSAPPD_STATE_DIR: stack.stateDir })
    commands.push(command)
    return command
  }
  const run = (...arguments_: string[]) =>
    CommandLine.run(arguments_, { WHATSAPPD_STATE_DIR: stack.stateDir })

  beforeEach(() => void commands.splice(0))
  afterEach(async () => {
    for (const command of commands) await command.end()
    await stack.stop()
  })

  it('status tells people and scripts the same', async () => {
    await start()
    await stack.link()
    const text = await run('status')
    expect(text).toMatchObject({ code: 0, stderr: '' })
    expect(text.stdout).toContain(`default: connected as ${OWNER}`)
    expect(text.stdout).toContain(`may talk (allowlist): ${ALICE}`)
    const json = await run('status', '--json')
    expect(JSON.parse(json.stdout)).toMatchObject({
      daemon: { pid: process.pid },
      accounts: [{ account: 'default', state: 'connected', phoneNumber: OWNER }],
      config: { valid: true, accounts: { default: { allowFrom: [ALICE] } } },
    })
  })

  it('accounts adds one, lists them, and removes it again', async () => {
    await start()
    const added = await run('accounts', 'add', 'shop', '--name', 'The shop')
    expect(added).toMatchObject({ code: 0, stderr: '' })
    expect(added.stdout).toMatch(/^Added: shop \(The shop\): unlinked\./)
    expect((await run('accounts', 'add', 'shop')).stdout).toMatch(/^It is there already: shop \(The shop\)/)
    expect((await run('accounts')).stdout).toMatch(/^default: unlinked.*\nshop \(The shop\): unlinked/)
    expect((await run('status')).stdout).toMatch(/^shop \(The shop\): unlinked/m)
    const list = JSON.parse((await run('accounts', 'list', '--json')).stdout) as object
    expect(list).toMatchObject({ linked: [], pending: ['default', 'shop'] })
    expect(await run('accounts', 'remove', 'shop')).toMatchObject({ code: 0 })
    expect(stack.readConfig()).not.toContain('shop')
    await stack.link()
    const refused = await run('accounts', 'remove', 'default')
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Disconnect it first')])
    expect((await run('accounts', 'take-over', 'default')).stdout).toContain(`connected as ${OWNER}`)
  })

  it('status shows why a broken config file is not in force', async () => {
    await start()
    stack.writeConfig([], { dmPolicy: 'friends' })
    await stack.untilEvent('config.rejected')
    const { code, stdout } = await run('status')
    expect(code).toBe(0)
    expect(stdout).toMatch(/not in force: channels\.whatsapp\.dmPolicy: .* \(line \d+, column \d+\)/)
    expect(stdout).toContain(`may talk (allowlist): ${ALICE}`)
  })

  it('status names the entries that count for nobody, ten of them, and counts the others', async () => {
    await start()
    stack.writeConfig([ALICE, '12', ...Array.from({ length: 11 }, (_, index) => `x${index}`)])
    await stack.untilEvent('config.applied')
    const { stdout } = await run('status')
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /bad entry: channels\.whatsapp\.allowFrom\[1\]: Not a possible phone number: too few digits.* \(line \d+, column \d+\)/,
    )
    expect(stdout.match(/bad entry:/g)).toHaveLength(10)
    expect(stdout).toContain('and 2 more such entries')
    expect(stdout).toContain(`may talk (allowlist): ${ALICE}`)
    const { config } = JSON.parse((await run('status', '--json')).stdout) as { config: object }
    expect(config).toMatchObject({ valid: true, problems: [], entryProblemsTotal: 12 })
  })

  it('status names what is worth knowing of the file, and says that no assistant is configured', async () => {
    await start()
    stack.writeConfig([ALICE], foreignKeys(13))
    await stack.untilEvent('config.applied')
    const { stdout } = await run('status')
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /note: channels\.whatsapp\.accounts\.shop0\.heartbeat: .* \(line \d+, column \d+\)/,
    )
    expect(stdout.match(/note:/g)).toHaveLength(10)
    expect(stdout).toContain('and 3 more notes')
    expect(stdout).toContain('answered by: echo (no assistant: people get their own words back)')
  })

  it('link draws the QR and ends with 0 once the phone is connected; logout takes it back', async () => {
    await start()
    const link = begin('link')
    const { qr } = await stack.untilEvent('account.qr')
    await link.waitFor(/QR code 1, until \d\d:\d\d:\d\d, 5 more after it\./)
    expect(link.stdout).toContain('█')
    expect(link.stdout).not.toContain(qr)
    await stack.owner.scan(qr)
    expect(await link.exit).toBe(0)
    expect(link.stdout).toContain(`default: connected as ${OWNER}`)

    const again = await run('link')
    expect(again).toMatchObject({
      code: 1,
      stderr: 'whatsappd: The account is linked already. Disconnect it first to link another phone.\n',
    })

    const logout = await run('logout', '--yes')
    expect(logout).toMatchObject({ code: 0, stdout: 'default: unlinked; the credentials are erased.\n' })
    await stack.until('the phone to forget the device', () => stack.owner.companions.length === 0)
    expect(stack.account()).toMatchObject({ state: 'unlinked', linked: false })
  })

  it('link --code shows a code that the phone accepts', async () => {
    await start()
    const link = begin('link', '--code', '+1 (555) 000-0001')
    const [, first = '', second = ''] = await link.waitFor(
      /Pairing code for \+15550000001: {2}(\w{4})-(\w{4})/,
    )
    await stack.owner.enterCode(first + second)
    expect(await link.exit).toBe(0)
    expect(stack.account()).toMatchObject({ state: 'connected', phoneNumber: OWNER })
  })

  it('link follows every QR and ends with 1 when the last one has expired', async () => {
    await start({ timings: { qrTimeoutMs: 700 } })
    const link = begin('link')
    await link.waitFor(/QR code 6, .* the last one\./)
    expect(await link.exit).toBe(1)
    expect(link.stdout.match(/^QR code \d/gm)).toEqual(
      [1, 2, 3, 4, 5, 6].map((number) => `QR code ${number}`),
    )
    expect(link.stderr).toContain(
      'whatsappd: All QR codes of this attempt expired without a scan. Refresh to get a new QR code.',
    )
    expect(link.stderr).toContain('too many devices')
    expect(link.stderr).toContain('Here: whatsappd link, or whatsappd link --code <its number>.')
  })

  it('link says who has to be allowed first, and what is no phone number', async () => {
    await start({ allowFrom: [] })
    expect(await run('link')).toMatchObject({
      code: 1,
      stderr:
        'whatsappd: Nobody is allowed to talk to the assistant yet, so linking is refused. Add at least one phone number to channels.whatsapp.allowFrom.\n',
    })
    stack.writeConfig([ALICE])
    await stack.untilEvent('config.applied')
    const { code, stderr } = await run('link', '--code', '12')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^whatsappd: Not a possible phone number: too few digits.*\.\n$/)
  })

  it('names an account that is not there, and those that are', async () => {
    await start()
    await run('accounts', 'add', 'shop')
    for (const command of [
      ['link', '--account', 'shp'],
      ['logout', '--account', 'shp'],
      ['outbox', 'list', '--account', 'shp'],
      ['accounts', 'remove', 'shp'],
    ]) {
      expect(await run(...command), command.join(' ')).toMatchObject({
        code: 1,
        stderr: 'whatsappd: There is no account "shp". These accounts exist: default, shop.\n',
      })
    }
  })

  it('logout of an account that was never linked sends nobody to a phone that knows nothing of it', async () => {
    await start()
    expect(await run('logout')).toMatchObject({
      code: 0,
      stdout: 'default: was not linked; nothing of a link is left here.\n',
    })
    expect(stack.account().reason).toMatchObject({ code: 'disconnected_by_user' })
    const { qr } = await stack.qr()
    expect((await run('logout')).stdout).toBe('default: was not linked; nothing of a link is left here.\n')
    await expect(stack.owner.scan(qr)).rejects.toThrow()
    expect(stack.account()).toMatchObject({ state: 'unlinked', linked: false })
  })

  it('Ctrl-C during link voids the QR', async () => {
    await start()
    const link = begin('link')
    await link.waitFor(/QR code 1/)
    link.signal('SIGINT')
    expect(await link.exit).toBe(130)
    await stack.until('the attempt to end', () => stack.account().reason?.code === 'link_cancelled')
  })

  // It once said nothing for half a minute, heard no Ctrl-C meanwhile, and then blamed the daemon.
  it('link says that WhatsApp cannot be reached, and Ctrl-C ends it at once', async () => {
    await start()
    await stack.simulator.stop()
    const link = begin('link')
    await link.waitFor(/WhatsApp cannot be reached over the network\. .* Next attempt at \d\d:\d\d:\d\d\./)
    link.signal('SIGINT')
    expect(await link.exit).toBe(130)
    expect(link.stderr).toBe('whatsappd: linking was cancelled\n')
    await stack.until('the attempt to end', () => stack.account().reason?.code === 'link_cancelled')
  })

  it('open prints a link whose code works once', async () => {
    await start()
    const { code, stdout } = await run('open')
    expect(code).toBe(0)
    const link = new URL(stdout.trim())
    expect(link.origin).toBe(stack.url)
    const trade = () =>
      fetch(`${stack.url}/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: stack.url },
        body: JSON.stringify({ code: link.hash.slice('#code='.length) }),
      })
    const { status } = await trade()
    expect([status, (await trade()).status]).toEqual([200, 401])
  })

  it('send reaches the phone, once for one id, and tells how far it came', async () => {
    await start({ allowFrom: [ALICE, '+491701234567'] })
    const early = await run('send', ALICE, 'too early')
    expect([early.code, early.stderr]).toEqual([
      1,
      'whatsappd: WhatsApp is not connected. Link or reconnect the account.\n',
    ])
    await stack.link()
    const first = await run('send', ALICE, 'Dinner is ready', '--id', 'dinner', '--wait', 'delivered')
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toMatch(
      /: stored, for \+15550000002 \(queued\)\n.* never wrote [^]*\n.*: delivered\n$/,
    )
    const again = await run('send', ALICE, 'Dinner is ready', '--id', 'dinner', '--json')
    expect(JSON.parse(again.stdout)).toMatchObject({
      isNew: false,
      state: 'delivered',
      clientMessageId: 'dinner',
    })
    expect(stack.alice.received.map(({ text }) => text)).toEqual(['Dinner is ready'])
    const stranger = await run('send', MALLORY, 'hi')
    expect([stranger.code, stranger.stderr]).toEqual([
      1,
      expect.stringContaining('Allow the recipient first.'),
    ])
    expect((await run('send', '+491701234567', 'hi')).stderr).toContain('Nobody has this number on WhatsApp.')
  })

  it('send reads standard input and sends files, and says what is wrong with them', async () => {
    await start({ channel: { mediaMaxMb: 0.001 } })
    await stack.link()
    const piped = begin('send', ALICE, '-', '--wait', 'sent')
    piped.type('two\nlines\n')
    piped.closeInput()
    expect(await piped.exit).toBe(0)
    await stack.alice.waitForText('two\nlines')
    const path = join(stack.directory, 'plan.txt')
    writeFileSync(path, 'the plan')
    expect(await run('send', ALICE, 'a plan', '--file', path, '--wait', 'sent')).toMatchObject({ code: 0 })
    expect(await stack.alice.waitForText('a plan')).toMatchObject({
      media: { kind: 'document', name: 'plan.txt' },
    })
    writeFileSync(path, 'x'.repeat(1_001))
    expect((await run('send', ALICE, '--file', path)).stderr).toContain(
      `${path} was not taken: The file is larger than 0.001 MB.`,
    )
    expect((await run('send', ALICE, '--file', `${path}x`)).stderr).toContain('there is no such file')
    expect(await run('send', ALICE)).toMatchObject({ code: 2 })
  })

  it('send ends with 3 where the message is stored and does not get through in time', async () => {
    await start()
    await stack.link()
    await run('send', ALICE, 'hello', '--wait', 'sent')
    await stack.simulator.stop()
    const late = await run('send', ALICE, 'hello', '--queue', '--wait', 'sent', '--timeout', '1')
    expect([late.code, late.stderr]).toEqual([3, expect.stringContaining('it goes on by itself')])
  })

  it('outbox shows what WhatsApp refused, sends it again under its id, and throws it away', async () => {
    await start()
    await stack.link()
    const refusal = stack.simulator.faults.refuseMessages(479)
    await stack.alice.sendText(OWNER, 'hello')
    const { messageId } = await stack.untilEvent('message.failed')
    const list = await run('outbox', 'list')
    expect(list).toMatchObject({ code: 0, stderr: '' })
    expect(list.stdout).toContain(`${messageId}  ${ALICE}  failed  stanza_invalid:`)
    expect(list.stdout).toContain('0 queued, 1 failed')

    refusal.clear()
    expect(await run('outbox', 'retry', messageId)).toMatchObject({
      code: 0,
      stdout: `${messageId}: queued again.\n`,
    })
    await stack.untilEvent('message.sent', (sent) => sent.messageId === messageId)
    expect((await run('outbox', 'list')).stdout).toBe('Nothing waits, and nothing failed.\n')
    const json = JSON.parse((await run('outbox', 'list', '--json')).stdout)
    expect(json).toMatchObject({ messages: [], queued: 0, failed: 0 })
    expect(await run('outbox', 'discard', messageId)).toMatchObject({
      code: 1,
      stderr: 'whatsappd: The message was sent, or is being sent: it cannot be discarded any more.\n',
    })
    expect((await run('outbox', 'retry', 'unknown')).stderr).toBe(
      'whatsappd: There is no such message of ours. List the outbox again.\n',
    )
  })

  it('pairing lists who asks for access, and approves and rejects them by their codes', async () => {
    await start({ channel: { dmPolicy: 'pairing' } })
    await stack.link()
    expect(await run('pairing', 'list')).toMatchObject({ code: 0, stdout: 'Nobody asks for access.\n' })
    const grace = stack.createPhone('+15550000009', `Grace \u001b[31m${'of a very long name '.repeat(5)}`)
    for (const phone of [stack.mallory, grace]) {
      await phone.sendText(OWNER, 'may I?')
      await stack.untilEvent('pairing.requested', ({ phoneNumber }) => phoneNumber === phone.phoneNumber)
    }
    const { stdout } = await run('pairing', 'list')
    const [first = '', second = ''] = stdout.split('\n')
    expect(first).toMatch(/^\w{4}-\w{4} {2}\+15550000003 {2}"Mallory" {2}until \d\d:\d\d:\d\d$/)
    expect(second).toMatch(/^\w{4}-\w{4} {2}\+15550000009 {2}"Grace .*…" {2}until \d\d:\d\d:\d\d$/)
    expect(stdout).not.toContain('\u001b')
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    const codes = [first, second].map((line) => line.slice(0, 9))
    const json = JSON.parse((await run('pairing', 'list', '--json')).stdout) as object
    expect(json).toMatchObject({ requests: codes.map((code) => ({ code })) })

    expect(await run('pairing', 'approve', codes[0]?.replace('-', '').toLowerCase() ?? '')).toMatchObject({
      code: 0,
      stdout: `${MALLORY} may write now.\n`,
    })
    expect(stack.readConfig()).toContain(MALLORY)
    expect((await run('pairing', 'reject', codes[1] ?? '')).stdout).toBe(
      '+15550000009 is not sent a code again.\n',
    )
    expect(stack.readConfig()).not.toContain('+15550000009')
    expect((await run('pairing', 'list')).stdout).toBe('Nobody asks for access.\n')
    const unknown = await run('pairing', 'approve', codes[1] ?? '')
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('No request for access')])
  })
})
