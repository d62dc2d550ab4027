import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BUILT_MAIN, CommandLine } from '../../support/command-line.ts'
import { HardenedService } from '../../support/hardened-service.ts'
import { InstalledPackage } from '../../support/installed-package.ts'

const UNITS = join(import.meta.dirname, '../../../deploy/systemd')
const SYSTEM_UNIT = join(UNITS, 'whatsappd.service')
const USER_UNIT = join(UNITS, 'user/whatsappd.service')
const MOST_EXPOSED = 2
const START_FLAGS = ['--max-semi-space-size=2', '--v8-pool-size=1', '--']

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0
if (!hasAnalyze) console.warn('no test of the units, which need systemd-analyze of the package systemd')
const obstacle = hasAnalyze ? HardenedService.obstacle(SYSTEM_UNIT) : 'no systemd-analyze'
if (obstacle !== null)
  console.warn(
    `no test of the daemon under the unit's restrictions, which need root, bubblewrap and python3-seccomp: ${obstacle}`,
  )

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'whatsappd-units-'))
  chmodSync(directory, 0o755)
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

describe.runIf(hasAnalyze)('the unit', () => {
  const analyze = (kind: 'system' | 'user', ...words: string[]): string =>
    execFileSync('systemd-analyze', [`--${kind}`, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: '/nonexistent', XDG_RUNTIME_DIR: directory },
    })
  const printed = (...options: string[]): string => {
    const words = [BUILT_MAIN, 'install-service', '--print', ...options]
    const env = { PATH: process.env['PATH'], HOME: directory }
    return execFileSync(process.execPath, words, { encoding: 'utf8', env })
  }
  const texts: readonly (readonly [string, 'system' | 'user', () => string])[] = [
    ['for the system', 'system', () => readFileSync(SYSTEM_UNIT, 'utf8')],
    ['for a user', 'user', () => readFileSync(USER_UNIT, 'utf8')],
    ['that is printed for the system', 'system', () => printed('--system')],
    ['that is printed for a user', 'user', () => printed('--user')],
  ]

  it.each(texts)('%s is understood by systemd, and exposes little', (_name, kind, text) => {
    const file = join(directory, 'whatsappd.service')
    // What is verified is also whether the program is there.
    writeFileSync(
      file,
      text().replace('/usr/local/bin/whatsappd', '/bin/true').replace('User=whatsappd', 'User=daemon'),
    )
    const { status, stderr } = spawnSync('systemd-analyze', [`--${kind}`, 'verify', file], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: directory, XDG_RUNTIME_DIR: directory },
    })
    expect([status, stderr]).toEqual([0, ''])
    const exposure = /exposure level for whatsappd\.service: ([\d.]+)/.exec(
      analyze(kind, 'security', '--offline=true', file),
    )
    expect(Number(exposure?.[1])).toBeLessThanOrEqual(MOST_EXPOSED)
  })

  it('is written, enabled and started for a user, and never over the unit of somebody else', async () => {
    // systemd itself is not here: what it is asked to do is noted.
    const asked = join(directory, 'asked')
    writeFileSync(join(directory, 'systemctl'), `#!/bin/sh\necho "$@" >> ${asked}\n`, { mode: 0o755 })
    const env = { PATH: `${directory}:${process.env['PATH']}`, HOME: directory }
    const unit = join(directory, '.config/systemd/user/whatsappd.service')
    const install = (...options: string[]) => CommandLine.run(['install-service', '--user', ...options], env)
    const first = await install()
    expect([first.code, first.stderr]).toEqual([0, ''])
    expect(first.stdout).toContain(`written: ${unit}`)
    expect(readFileSync(asked, 'utf8').trim().split('\n')).toEqual([
      '--user show-environment',
      '--user daemon-reload',
      '--user enable whatsappd.service',
      '--user restart whatsappd.service',
    ])
    expect(readFileSync(unit, 'utf8')).toContain(
      printed('--user')
        .split('\n')
        .find((line) => line.startsWith('ExecStart=')),
    )
    const again = await install('--no-start', '--json')
    expect([again.code, JSON.parse(again.stdout)]).toEqual([
      0,
      {
        kind: 'user',
        user: null,
        config: expect.stringContaining('sandbox.config.json5'),
        stateDir: expect.stringContaining(directory),
        file: unit,
        started: false,
      },
    ])
    expect(JSON.parse(printed('--user', '--json'))).toMatchObject({ kind: 'user', unit: printed('--user') })
    expect(readFileSync(asked, 'utf8').match(/restart/g)).toHaveLength(1)
    writeFileSync(unit, '[Service]\n')
    const refused = await install()
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('--force replaces it')])
    expect(readFileSync(unit, 'utf8')).toBe('[Service]\n')
    expect((await install('--force')).code).toBe(0)
  })

  it('is not written where systemd does not run', async () => {
    mkdirSync(join(directory, 'bin'))
    writeFileSync(
      join(directory, 'bin/systemctl'),
      '#!/bin/sh\necho "not booted with systemd" >&2\nexit 1\n',
      { mode: 0o755 },
    )
    const env = { PATH: `${directory}/bin:${process.env['PATH']}`, HOME: directory }
    const { code, stderr } = await CommandLine.run(['install-service', '--user'], env)
    expect([code, stderr]).toEqual([1, expect.stringContaining('systemd does not answer here')])
    expect(existsSync(join(directory, '.config'))).toBe(false)
    const both = await CommandLine.run(['install-service', '--user', '--system', '--print'])
    expect([both.code, both.stderr]).toEqual([1, expect.stringContaining('leave out --user or --system')])
  })
})

describe.runIf(obstacle === null)('under the restrictions of the unit', () => {
  let service: HardenedService
  let program: string

  beforeEach(() => {
    const folder = join(directory, 'package')
    mkdirSync(folder)
    const installed = new InstalledPackage(folder)
    program = join(installed.folder, 'node_modules/whatsappd/dist/main.js')
    service = new HardenedService(SYSTEM_UNIT, [folder])
  })
  afterEach(() => service.remove())

  it('nothing of the machine is written, and no privilege is left', async () => {
    const probe = service.run([
      'sh',
      '-c',
      'grep -E "^(CapEff|CapBnd|NoNewPrivs|Seccomp):" /proc/self/status; touch /etc/x; unshare -U true; ' +
        'mkdir /tmp/x; chmod 4755 /tmp/x; ls /home /root; cat /proc/meminfo; touch "$WHATSAPPD_STATE_DIR/x" && echo writes',
    ])
    await probe.exit
    for (const seen of [
      /^CapEff:\s+0+$/m,
      /^CapBnd:\s+0+$/m,
      /^NoNewPrivs:\s+1$/m,
      /^Seccomp:\s+2$/m,
      /^writes$/m,
    ])
      expect(probe.stdout).toMatch(seen)
    expect(probe.stdout).toMatch(/^\/home:\n\n\/root:\nwrites/m)
    for (const refused of [
      'Read-only file system',
      'unshare failed',
      'Operation not permitted',
      '/proc/meminfo: No such file',
    ])
      expect(probe.stderr).toContain(refused)
  })

  it('the daemon serves, stores what a dashboard edits, and stops in order', async () => {
    const daemon = service.run([process.execPath, ...START_FLAGS, program, 'run', '--port', '0'])
    const [, port = ''] = await daemon.waitFor(/is running on 127\.0\.0\.1, port (\d+)/)
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200)
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(503)
    writeFileSync(
      join(service.configDir, 'sandbox.config.json5'),
      '{ channels: { whatsapp: { allowFrom: ["+15555550101"] } } }',
    )
    await daemon.waitFor(/configured but not connected/)
    process.kill(pidOf(program), 'SIGTERM')
    expect(await daemon.exit).toBe(0)
    expect(existsSync(join(service.stateDir, 'daemon.json'))).toBe(false)
    expect(daemon.stderr + daemon.stdout).not.toMatch(/EPERM|EACCES|ENOSYS|EROFS/)
  })
})

/** The process of Node that runs a program, as this machine numbers it. */
function pidOf(program: string): number {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0')
      if (words[0] === process.execPath && words.includes(program)) return Number(name)
    } catch {
      // ended meanwhile
    }
  }
  throw new Error(`nothing runs ${program}`)
}
