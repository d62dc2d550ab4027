import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ProgramFiles } from '../../src/code-cache/program-files.ts'
import { BUILT_MAIN, CommandLine } from '../support/command-line.ts'

const COMMANDS = [
  'run',
  'demo',
  'link',
  'status',
  'doctor',
  'open',
  'logout',
  'token',
  'import',
  'backup',
  'restore',
]
const stateDir = mkdtempSync(join(tmpdir(), 'whatsappd-state-'))
afterAll(() => rmSync(stateDir, { recursive: true, force: true }))

describe('the command line without a daemon', () => {
  it('shows its commands, and examples for each', async () => {
    const { code, stdout } = await CommandLine.run(['--help'])
    expect(code).toBe(0)
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'))
    for (const command of COMMANDS) {
      const help = await CommandLine.run([command, '--help'])
      expect(help).toMatchObject({ code: 0, stderr: '' })
      expect(help.stdout).toContain(`Examples:\n  whatsappd ${command}`)
    }
  })

  it.each(['status', 'link', 'open', 'logout'])(
    '%s names the cure in one line and exits 1',
    async (command) => {
      const { code, stdout, stderr } = await CommandLine.run([command], { WHATSAPPD_STATE_DIR: stateDir })
      expect(stderr).toBe(
        `whatsappd: no daemon is running with the state dir ${stateDir}; start it with: whatsappd run, or name another with --state-dir\n`,
      )
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    },
  )

  it.each([
    ['status', '--state-dir', `${stateDir}/\u001B[2J\u202Ecod.exe`],
    ['status', '--\u001B[2J'],
    ['\u009B31mstatus'],
  ])('%s %s: what a terminal would obey is shown instead', async (...words) => {
    const { code, stderr } = await CommandLine.run(words)
    expect(code).not.toBe(0)
    expect(stderr).toMatch(/\\u00(1b\[2J|9b31m)/)
    // oxlint-disable-next-line no-control-regex -- these are what must not be there
    expect(stderr).not.toMatch(/[\u001B\u009B\u202E]/)
  })

  it('takes what a dead daemon left behind for no daemon', async () => {
    const left = mkdtempSync(join(tmpdir(), 'whatsappd-state-'))
    // No process has a number beyond the kernel's limit of 2^22.
    writeFileSync(join(left, 'daemon.json'), JSON.stringify({ host: '127.0.0.1', port: 9, pid: 4_194_305 }), {
      mode: 0o600,
    })
    const { code, stderr } = await CommandLine.run(['status', '--state-dir', left])
    rmSync(left, { recursive: true })
    expect(code).toBe(1)
    expect(stderr).toContain('no daemon is running')
  })

  it('token says what is missing where no daemon has ever been', async () => {
    const missing = await CommandLine.run(['token', '--state-dir', join(stateDir, 'nowhere')])
    expect(missing).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('whatsappd run') })
    const empty = await CommandLine.run(['token', '--state-dir', stateDir])
    expect(empty).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('There is no token') })
  })

  it('answers a script with JSON all the same', async () => {
    const { code, stdout } = await CommandLine.run(['status', '--json', '--state-dir', stateDir])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toEqual({ daemon: null })
  })

  it.each([
    [['stats'], "unknown command 'stats'\n(Did you mean status?)"],
    [['run', '--prot', '1'], "unknown option '--prot'\n(Did you mean --port?)"],
    [['run', '--port', '70000'], 'must be 0 to 65535'],
    [['link', '--code'], "option '--code <number>' argument missing"],
    [['status', 'twice'], 'too many arguments'],
    [['accounts', 'lst'], `'lst' is no command of "whatsappd accounts"; it has list, add, remove, take-over`],
    [['outbox', 'retyr', 'X'], `'retyr' is no command of "whatsappd outbox"; it has list, retry, discard`],
    [['token', '--ttl', '2h'], 'must be a time such as 90s, 15m or 1h, and at most 1h'],
    [['token', '--ttl', '0s'], 'must be a time such as 90s, 15m or 1h, and at most 1h'],
    [['token', '--scope', 'read,everything'], 'must be some of read, link, config, send, agent'],
    [['token', '--rotate', '--ttl', '5m'], "option '--rotate' cannot be used with option '--ttl <time>'"],
  ])('%j is a usage error: exit 2, no stack', async (arguments_, message) => {
    const { code, stdout, stderr } = await CommandLine.run(arguments_)
    expect(stderr).toContain(message)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })

  it('shows a stack only when asked', async () => {
    const quiet = await CommandLine.run(['status', '--state-dir', stateDir])
    expect(quiet.stderr).not.toMatch(/^\s+at /m)
    const verbose = await CommandLine.run(['status', '--state-dir', stateDir, '--verbose'])
    expect(verbose.stderr).toMatch(/^\s+at /m)
  })

  it('loads WhatsApp, its database and the schemas only for the commands that serve', () => {
    const files = new ProgramFiles(join(dirname(BUILT_MAIN), 'program.pack'))
    const loaded = new Map<string, string>()
    const load = (name: string): void => {
      if (loaded.has(name)) return
      const code = files.read(name)
      loaded.set(name, code)
      // What it needs at once; what is imported later is loaded by another function.
      for (const [, required = ''] of code.matchAll(/\brequire\("\.\/([^"]+\.js)"\)/g)) load(required)
    }
    load('main.js')
    const code = [...loaded.values()].join('')
    expect(code).toContain('whatsappd')
    expect(code).not.toContain('web.whatsapp.com')
    expect(code).not.toMatch(/\brequire\("(libsignal|@photostructure\/sqlite|ws)/)
    expect(code.length).toBeLessThan(200_000)
  })
})
