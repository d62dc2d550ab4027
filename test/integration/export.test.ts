import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CommandLine } from '../support/command-line.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

interface Line {
  account: string
  conversation: string
  sessionId: string
  from: string
  text: string
  isCut?: true
  files: { path?: string | null }[]
}

describe('whatsappd export', () => {
  let stack: Stack
  let directory = ''
  const run = (...words: string[]) =>
    CommandLine.run(['export', ...words], { WHATSAPPD_STATE_DIR: stack.stateDir })
  const linesIn = (text: string): Line[] =>
    text
      .trimEnd()
      .split('\n')
      // Written by the command under test.
      .map((line) => JSON.parse(line) as Line)

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'export-'))
    stack = await Stack.start({ allowFrom: [ALICE, MALLORY], channel: { textChunkLimit: 60_000 } })
    await stack.link()
  })
  afterEach(async () => {
    await stack.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  async function ask(from: Stack['alice'], text: string): Promise<void> {
    const mark = from.received.length
    await from.sendText(OWNER, text)
    await from.waitForText((message) => message.from === OWNER && from.received.indexOf(message) >= mark)
  }

  it('writes every message whole, oldest first, one conversation after the other', async () => {
    const { alice, mallory } = stack
    const long = `${'a long text 😀 '.repeat(2_000)}the end`
    await ask(alice, 'first')
    await ask(mallory, 'the other one')
    await ask(alice, long)
    const { code, stdout, stderr } = await run()
    expect([code, stderr]).toEqual([0, 'exported 2 conversations with 6 messages\n'])
    const lines = linesIn(stdout)
    expect(lines.map(({ sessionId }) => sessionId)).toContain(`wa_${ALICE.slice(1)}`)
    const said = (conversation: string) =>
      lines
        .filter((line) => line.conversation === conversation)
        .map(({ account, from, text, isCut }) => [account, from, text, isCut])
    expect(said(ALICE)).toEqual([
      ['default', 'person', 'first', undefined],
      ['default', 'assistant', 'first', undefined],
      ['default', 'person', long, undefined],
      ['default', 'assistant', long, undefined],
    ])
    expect(said(MALLORY)).toHaveLength(2)
    expect(
      new Set(
        lines
          .map(({ conversation }) => conversation)
          .join()
          .match(/(\+\d+)(?:,\1)*/g),
      ).size,
    ).toBe(2)
  })

  it('writes one person to a file that has its name once it is complete', async () => {
    await ask(stack.alice, 'hello')
    await ask(stack.mallory, 'not me')
    const file = join(directory, 'alice.jsonl')
    const first = await run('--conversation', ALICE, '--output', file)
    expect(first).toMatchObject({ code: 0, stdout: '' })
    expect(linesIn(readFileSync(file, 'utf8')).map(({ text }) => text)).toEqual(['hello', 'hello'])
    expect(await run('--output', file)).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') })
    const nobody = await run('--conversation', '+15550009999', '--output', join(directory, 'nobody.jsonl'))
    expect(nobody).toMatchObject({ code: 1, stderr: 'whatsappd: nothing is stored of +15550009999\n' })
    expect(readdirSync(directory)).toEqual(['alice.jsonl'])
  })

  it('copies the files of messages beside the lines, once, also where no daemon runs', async () => {
    const { alice } = stack
    const mark = alice.received.length
    await alice.sendMedia(OWNER, {
      kind: 'document',
      data: Buffer.from('%PDF-1.4 words'),
      name: '../plan.pdf',
    })
    await alice.waitForText((message) => alice.received.indexOf(message) >= mark)
    const folder = join(directory, 'files')
    const { stdout } = await run('--media', folder)
    const withFile = (text: string) =>
      linesIn(text)
        .flatMap(({ files }) => files.map(({ path }) => path))
        .filter((path) => path !== null)
    const [path = ''] = withFile(stdout)
    expect(path).toMatch(/^default\/[\w-]+-_?plan\.pdf$/)
    expect(readFileSync(join(folder, path), 'latin1')).toBe('%PDF-1.4 words')
    await stack.stopDaemon()
    writeFileSync(join(folder, path), 'was here before')
    const stored = await run('--media', folder)
    expect(stored).toMatchObject({ code: 0, stderr: expect.stringContaining('no daemon runs') })
    expect(linesIn(stored.stdout)).toEqual(linesIn(stdout))
    expect(readFileSync(join(folder, path), 'latin1')).toBe('was here before')
    expect(await run('--contacts')).toMatchObject({ code: 0, stdout: expect.stringContaining(ALICE) })
    // The account can be used again at once.
    await stack.startDaemon()
    await ask(alice, 'still there')
  })

  it('leaves no file under its name when it is killed', async () => {
    for (let count = 0; count < 5; count += 1) await ask(stack.alice, `message ${count}`)
    const file = join(directory, 'all.jsonl')
    const command = new CommandLine(['export', '--output', file], { WHATSAPPD_STATE_DIR: stack.stateDir })
    await expect.poll(() => readdirSync(directory).length, { interval: 2 }).toBeGreaterThan(0)
    command.signal('SIGKILL')
    await command.exit
    // Killed too late, it is complete.
    if (existsSync(file)) expect(linesIn(readFileSync(file, 'utf8'))).toHaveLength(10)
    // What was killed earlier has left its draft.
    writeFileSync(`${file}.999999999.whatsappd.tmp`, 'half of what people said')
    expect(await run('--output', file, '--force')).toMatchObject({ code: 0 })
    expect(readdirSync(directory)).toEqual(['all.jsonl'])
  })

  it('writes contacts as CSV that a spreadsheet runs nothing of', async () => {
    await ask(stack.alice, 'hello')
    const client = await stack.client()
    await client.request('conversations.setContact', {
      conversation: ALICE,
      fields: { name: '=HYPERLINK("https://evil.example")', notes: 'two\nlines, "quoted"' },
    })
    client.close()
    const { code, stdout } = await run('--contacts')
    expect(code).toBe(0)
    const [header, ...rest] = stdout.split('\r\n')
    expect(header).toBe(
      'account,conversationId,conversation,kind,phoneNumber,shownName,lastAt,name,email,company,notes',
    )
    expect(rest.join('\r\n')).toMatch(
      /^default,\d+,\+15550000002,direct,\+15550000002,"'=HYPERLINK\(""https:\/\/evil\.example""\)",[\d\-T:.Z]+,"'=HYPERLINK\(""https:\/\/evil\.example""\)",,,"two\nlines, ""quoted"""\r\n$/,
    )
  })
})
