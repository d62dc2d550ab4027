import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CommandLine } from '../support/command-line.ts'
import { otherUser } from '../support/other-user.ts'
import { Stack } from '../support/stack.ts'

// A volume that others could write to for a while, a run with sudo, a careless copy: what lies at the place of a file is not
// always the daemon's own file. Whatever it is, it is named, never believed and never waited for.

const SOMEBODY = 65_533
const HUGE_BYTES = 3 * 1024 ** 3
/** A hang would hold a test for good, so a process of its own is stopped after this long. */
const LIMIT_MS = 90_000

type Plant = (path: string, directory: string) => void

const PLANTS: Record<string, Plant> = {
  ...(otherUser.isRoot ? { 'belongs to another user': (path) => chownSync(path, SOMEBODY, SOMEBODY) } : {}),
  'is a symbolic link': (path, directory) => {
    renameSync(path, join(directory, 'elsewhere'))
    symlinkSync(join(directory, 'elsewhere'), path)
  },
  'has a second name': (path, directory) => linkSync(path, join(directory, 'elsewhere')),
  'is a pipe': (path) => {
    rmSync(path)
    execFileSync('mkfifo', ['-m', '600', path])
  },
  'is a directory': (path) => {
    rmSync(path)
    mkdirSync(path, { mode: 0o700 })
  },
  'can be read by others': (path) => chmodSync(path, 0o644),
}

if (!otherUser.isRoot)
  console.warn('no test of files that belong to another user: only root can give files away')

describe('what lies at the place of a state file', () => {
  let stack: Stack
  let elsewhere: string
  const commands: CommandLine[] = []

  beforeEach(async () => {
    stack = await Stack.start()
    elsewhere = join(stack.directory, 'out')
    mkdirSync(elsewhere)
    await stack.stopDaemon()
  })
  afterEach(async () => {
    for (const command of commands.splice(0)) await command.end()
    await stack.stop()
  })

  /** The daemon in a process of its own. Resolves with what it wrote once it runs, or has given up. */
  async function run(): Promise<{ code: number | null | 'running'; output: string }> {
    const command = new CommandLine([
      'run',
      '--config',
      stack.configPath,
      '--state-dir',
      stack.stateDir,
      '--port',
      '0',
    ])
    commands.push(command)
    const running = command.waitFor(/is running on[^]*default: /, LIMIT_MS).then(
      () => 'running' as const,
      () => undefined,
    )
    const code = (await Promise.race([running, command.exit])) ?? null
    return { code, output: command.stdout + command.stderr }
  }

  /** Whether a file of the daemon's own stands there. */
  function isOwn(path: string): boolean {
    const stat = lstatSync(path)
    return stat.isFile() && stat.nlink === 1 && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0
  }

  // The other kinds take the same way: test/unit/storage/private-file.test.ts.
  const some = (...names: string[]) => Object.entries(PLANTS).filter(([name]) => names.includes(name))

  it.each(some('belongs to another user', 'is a symbolic link', 'has a second name', 'is a directory'))(
    'a token that %s: no start, and the cure works',
    async (name, plant) => {
      const path = join(stack.stateDir, 'token')
      plant(path, elsewhere)
      const { code, output } = await run()
      expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining(path) })
      expect(output).toContain('whatsappd token --rotate')
      const printed = await CommandLine.run(['token', '--state-dir', stack.stateDir])
      expect(printed).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(path) })
      const before =
        existsSync(join(elsewhere, 'elsewhere')) && readFileSync(join(elsewhere, 'elsewhere'), 'utf8')
      const rotated = await CommandLine.run(['token', '--rotate', '--state-dir', stack.stateDir])
      expect(rotated, name).toMatchObject({ code: 0 })
      expect(isOwn(path)).toBe(true)
      if (before !== false) expect(readFileSync(join(elsewhere, 'elsewhere'), 'utf8')).toBe(before)
      expect((await run()).code).toBe('running')
    },
  )

  it.each(some('belongs to another user'))('a lock that %s: no start', async (_name, plant) => {
    const path = join(stack.stateDir, 'lock.db')
    plant(path, elsewhere)
    expect(await run()).toMatchObject({ code: 1, output: expect.stringContaining(path) })
  })

  it.each(some('belongs to another user'))(
    'an event log that %s is set aside for a new one',
    async (_name, plant) => {
      const path = join(stack.stateDir, 'daemon.db')
      plant(path, elsewhere)
      expect((await run()).code).toBe('running')
      expect(isOwn(path)).toBe(true)
      expect(lstatSync(`${path}.damaged`, { throwIfNoEntry: false })).toBeDefined()
    },
  )

  it.each(some('is a pipe'))(
    'notes that %s are replaced, and nothing is written through them',
    async (_name, plant) => {
      for (const name of ['daemon.json', 'owner.json']) {
        const path = join(stack.stateDir, name)
        rmSync(path, { force: true })
        writeFileSync(path, '{"host":"127.0.0.1","port":1,"pid":1}', { mode: 0o600 })
        plant(path, mkdtemp(name))
      }
      expect((await run()).code).toBe('running')
      for (const name of ['daemon.json', 'owner.json']) {
        const path = join(stack.stateDir, name)
        if (lstatSync(path).isDirectory()) continue
        expect(isOwn(path), name).toBe(true)
        const other = join(elsewhere, name, 'elsewhere')
        if (existsSync(other)) expect(readFileSync(other, 'utf8')).toContain('"port":1,')
      }
    },
  )

  it.each(some('belongs to another user', 'is a pipe'))(
    'an address that %s is told by the command line, and not asked',
    async (_name, plant) => {
      const path = join(stack.stateDir, 'daemon.json')
      writeFileSync(path, JSON.stringify({ host: '127.0.0.1', port: 1, pid: process.pid }), { mode: 0o600 })
      plant(path, elsewhere)
      const { code, stderr } = await CommandLine.run(['status', '--state-dir', stack.stateDir])
      expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(path) })
    },
  )

  const accountFiles = {
    'account.db': 'belongs to another user',
    'account.db-wal': 'is a pipe',
    id: 'is a pipe',
  }
  for (const [file, kind] of Object.entries(accountFiles)) {
    it.each(some(kind))(
      `an account's ${file} that %s: the account says so, and nothing is made anew`,
      async (_name, plant) => {
        const path = join(stack.stateDir, 'accounts', 'default', file)
        if (!existsSync(path)) writeFileSync(path, '', { mode: 0o600 })
        plant(path, elsewhere)
        const planted = lstatSync(path)
        const { code, output } = await run()
        expect(code).toBe('running')
        expect(output).toMatch(/default: storage error/)
        expect(output).toContain(path)
        expect(lstatSync(path)).toMatchObject({ ino: planted.ino, uid: planted.uid })
      },
    )
  }

  it.each(some('belongs to another user'))(
    'a copy of the last valid config that %s allows nobody',
    async (_name, plant) => {
      const [copy = ''] = readdirSync(stack.stateDir).filter((name) => name.startsWith('config.last-valid'))
      const path = join(stack.stateDir, copy)
      plant(path, elsewhere)
      writeFileSync(stack.configPath, '{ broken')
      const { code, output } = await run()
      expect(code).toBe('running')
      expect(output).toContain(path)
      expect(output).toContain('nobody is allowed by it')
      const status = await CommandLine.run(['status', '--state-dir', stack.stateDir])
      expect(status.stdout).toContain('may talk (allowlist): nobody')
    },
  )

  it.runIf(otherUser.isRoot)('a directory of another user: no start, or no account', async () => {
    const accounts = join(stack.stateDir, 'accounts')
    chownSync(accounts, SOMEBODY, SOMEBODY)
    expect(await run()).toMatchObject({
      code: 1,
      output: expect.stringContaining(`${accounts} belongs to user`),
    })
    chownSync(accounts, 0, 0)
    const account = join(accounts, 'default')
    chownSync(account, SOMEBODY, SOMEBODY)
    expect((await run()).output).toContain(`${account} belongs to user ${SOMEBODY}, not to 0`)
    for (const command of commands.splice(0)) await command.end()
    chownSync(stack.stateDir, SOMEBODY, SOMEBODY)
    expect(await run()).toMatchObject({
      code: 1,
      output: expect.stringContaining(`${stack.stateDir} belongs to user`),
    })
  })

  // The sentence named what was wrong, and no command that would help.
  it('a state directory that others can enter, or own: the advice works as it is written', async () => {
    const advised = async (command: RegExp): Promise<void> => {
      const { code, output } = await run()
      expect(code).toBe(1)
      execFileSync('sh', ['-c', command.exec(output)?.[0] ?? `echo "no advice: ${output}"; exit 1`])
      expect((await run()).code).toBe('running')
      for (const each of commands.splice(0)) await each.end()
    }
    writeFileSync(join(stack.stateDir, 'notes.txt'), '')
    chmodSync(stack.stateDir, 0o755)
    await advised(/chmod 700 '[^']+'/)
    if (!otherUser.isRoot) return
    execFileSync('chown', ['-R', String(SOMEBODY), stack.stateDir])
    await advised(/chown -R 0 '[^']+'/)
  })

  it('a state directory that cannot be made: no advice about the disk', async () => {
    const path = join(elsewhere, 'dangling')
    symlinkSync(join(elsewhere, 'nowhere/at/all'), path)
    for (const stateDir of [path, join(stack.configPath, 'state')]) {
      const { code, stderr } = await CommandLine.run(['run', '--state-dir', stateDir, '--port', '0'])
      expect({ code, stderr }).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`${stateDir} cannot be created`),
      })
      expect(stderr).not.toContain('Check the disk')
    }
  })

  it('a file of many gigabytes: refused unread', async () => {
    for (const name of ['token', 'daemon.json']) {
      writeFileSync(join(stack.stateDir, name), '', { mode: 0o600 })
      truncateSync(join(stack.stateDir, name), HUGE_BYTES)
    }
    const { code, stderr } = await CommandLine.run(['status', '--state-dir', stack.stateDir])
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('daemon.json') })
    expect(await run()).toMatchObject({
      code: 1,
      output: expect.stringContaining(join(stack.stateDir, 'token')),
    })
  })

  it('links with no target at the places that are written to: nothing appears where they point', async () => {
    const directory = join(stack.stateDir, 'accounts', 'default')
    const places = ['.gitignore', 'room.tmp', 'owner.json'].map((name) => join(directory, name))
    places.push(join(stack.stateDir, '.gitignore'), join(stack.stateDir, 'daemon.db.gap'))
    for (const [index, path] of places.entries()) {
      rmSync(path, { force: true })
      symlinkSync(join(elsewhere, String(index)), path)
    }
    expect((await run()).code).toBe('running')
    expect(readdirSync(elsewhere)).toEqual([])
  })

  function mkdtemp(name: string): string {
    mkdirSync(join(elsewhere, name))
    return join(elsewhere, name)
  }
})
