import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startProgram } from '../../../../src/agents/programs/start-program.ts'
import { withoutDescriptors } from '../../../support/descriptor-limit.ts'
import { isAlive } from '../../../support/is-alive.ts'
import { ProgramFixture, textOf } from './program-fixture.ts'

const PROMPTLY_MS = 30_000

describe('a program of an agent', () => {
  it('gets its arguments as they are: no shell reads them', async () => {
    const fixture = new ProgramFixture()
    const args = ['$HOME', '`id`', '; touch x', 'a  b', '*', '']
    const program = await fixture.start(`for word in "$@"; do printf '<%s>' "$word"; done`, args)
    expect(await textOf(program)).toBe('<$HOME><`id`><; touch x><a  b><*><>')
    expect(await program.exited).toEqual({ code: 0, signal: null })
  })

  it('sees PATH, LANG and HOME of the daemon, what its entry names, and no token of ours', async () => {
    const fixture = new ProgramFixture({
      LANG: 'C.UTF-8',
      WHATSAPPD_TOKEN: 'secret',
      WHATSAPP_AUTH_DIR: 'secret',
      AUTH_TOKEN: 'secret',
      OPENAI_API_KEY: 'secret',
      NODE_OPTIONS: '--max-old-space-size=100',
    })
    const program = await startProgram(
      {
        program: 'env',
        args: [],
        environment: { CITY: 'Köln', WHATSAPPD_TOKEN: 'given', AUTH_TOKEN: 'given', HOME: '/tmp' },
      },
      fixture.host,
    )
    const lines = (await textOf(program)).trim().split('\n')
    expect(lines.toSorted()).toEqual([
      'CITY=Köln',
      'HOME=/tmp',
      'LANG=C.UTF-8',
      `PATH=${process.env['PATH']}`,
    ])
  })

  it('works in a directory of its own that no other user can enter', async () => {
    const fixture = new ProgramFixture()
    const directory = (await textOf(await fixture.start('pwd'))).trim()
    expect(directory).toBe(realpathSync(join(fixture.directory, '.local/share/whatsappd/agents/shop/ada')))
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    // An agent that works with git must find nothing of ours there.
    expect(readdirSync(directory)).toEqual([])
  })

  it('does not block us when it reads nothing', async () => {
    const program = await new ProgramFixture().start('exec <&-; echo done')
    program.stdin.end('x'.repeat(2_000_000))
    expect(await textOf(program)).toBe('done\n')
    await program.exited
    program.stdin.write('more')
  })

  it('does not fill our memory when it writes without end', async () => {
    const fixture = new ProgramFixture()
    const program = await fixture.start('while printf "%065536d" 0; do echo x >> written; done')
    const written = join(fixture.directory, '.local/share/whatsappd/agents/shop/ada/written')
    // It stands still when the pipe is full.
    let before = -1
    await expect
      .poll(
        () => {
          const size = statSync(written, { throwIfNoEntry: false })?.size ?? 0
          const isStill = size === before
          before = size
          return isStill
        },
        { interval: 200 },
      )
      .toBe(true)
    expect(program.stdout.readableLength).toBeLessThan(200_000)
    expect(before).toBeLessThan(100)
    await program.stop()
  })

  it('cannot fill our memory or the log by its error output', async () => {
    const program = await new ProgramFixture().start('head -c 5000000 /dev/zero >&2; echo said')
    expect(await textOf(program)).toBe('said\n')
  })

  it('ends with everything that it started, also what ignores the request or left its group', async () => {
    const program = await new ProgramFixture().start(
      `trap '' TERM
      sh -c 'trap "" TERM; echo $$; while :; do sleep 0.1; done' &
      setsid sh -c 'trap "" TERM; echo $$; while :; do sleep 0.1; done' &
      while :; do sleep 0.1; done`,
    )
    const pids: number[] = []
    for await (const line of createInterface({ input: program.stdout })) {
      pids.push(Number(line))
      if (pids.length === 2) break
    }
    expect(pids.map(isAlive)).toEqual([true, true])
    await program.stop()
    await program.stop()
    expect(await program.exited).toEqual({ code: null, signal: 'SIGKILL' })
    await expect.poll(() => pids.map(isAlive)).toEqual([false, false])
  })

  it('is over when it ends, though something that it left behind holds its output open', async () => {
    const program = await new ProgramFixture().start('setsid sleep 90 & sleep 90 & echo $!')
    const started = performance.now()
    const child = Number(await textOf(program))
    expect(performance.now() - started).toBeLessThan(PROMPTLY_MS)
    await expect.poll(() => isAlive(child)).toBe(false)
  })

  it('loses nothing of what it wrote last, however late it is read', async () => {
    const program = await new ProgramFixture().start('head -c 150000 /dev/zero; echo end')
    await program.exited
    // Longer than its output may be still; most of it is in the pipe.
    await delay(700)
    const text = await textOf(program)
    expect([text.length, text.slice(-4)]).toEqual([150_004, 'end\n'])
  })

  it.each([
    ['learns by its input that the daemon was killed', 'cat', 'SIGKILL'],
    ['ends with a daemon that ends at once', 'sleep 60', 'SIGUSR2'],
  ] as const)('%s', async (_title, work, signal) => {
    const fixture = new ProgramFixture()
    const path = join(import.meta.dirname, '../../../../src/agents/programs/start-program.ts')
    const script = join(fixture.directory, 'daemon.mts')
    const program = fixture.script(`#!/bin/sh\necho $$\n${work}`)
    writeFileSync(
      script,
      `import { startProgram } from ${JSON.stringify(path)}
      process.on('SIGUSR2', () => process.exit(1))
      const program = await startProgram(
        { program: ${JSON.stringify(program)}, args: [], environment: {} },
        { ...${JSON.stringify(fixture.host)}, shown: (_setting, value) => value },
      )
      program.stdout.pipe(process.stdout)`,
    )
    const daemon = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void daemon.kill('SIGKILL'))
    const [line] = (await once(createInterface({ input: daemon.stdout }), 'line')) as [string]
    expect(isAlive(Number(line))).toBe(true)
    daemon.kill(signal)
    await expect.poll(() => isAlive(Number(line))).toBe(false)
  })

  it('says why it cannot be started, without its arguments', async () => {
    const fixture = new ProgramFixture()
    const program = fixture.script('#!/nowhere/sh\n')
    const start = startProgram({ program, args: ['hunter2'], environment: {} }, fixture.host)
    const error: unknown = await start.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'misconfigured', action: expect.stringContaining('#!') })
    expect(String((error as Error).stack)).not.toContain('hunter2')
    const big = startProgram(
      { program: 'env', args: Array.from({ length: 100 }, () => 'x'.repeat(60_000)), environment: {} },
      fixture.host,
    )
    await expect(big).rejects.toMatchObject({ action: expect.stringContaining('args') })
  })
  it('that finds no free file descriptor fails by name, and the daemon goes on', async () => {
    const fixture = new ProgramFixture()
    const request = { program: fixture.script('#!/bin/sh\n'), args: [], environment: {} }
    await withoutDescriptors(async () => {
      await expect(startProgram(request, fixture.host)).rejects.toMatchObject({
        code: 'misconfigured',
        action: expect.stringContaining('ulimit -n'),
      })
    })
    const program = await startProgram(request, fixture.host)
    expect(await program.exited).toEqual({ code: 0, signal: null })
  })
})
