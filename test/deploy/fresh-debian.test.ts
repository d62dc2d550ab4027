/** A Debian that was made a minute ago, with Node and npm: from `npm install --global` to a service that stops and starts again. */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

const REPOSITORY = join(import.meta.dirname, '../..')
/** Kept between runs: Debian and Node, which do not change. */
const FILES = process.env['WHATSAPPD_TEST_DEPLOY_FILES'] ?? join(tmpdir(), 'whatsappd-test-deploy')
const READY_MS = 120_000
/** The phone of the demo. */
const OWNER = '+15555550100'

/** What a machine gives to its programs, and a user land of BusyBox where that is wanted: every tool, the shell and `env`. */
const ENTER = `set -e; root=$1; tools=$2; shift 2
mount --bind "$root" "$root"; mount -t proc proc "$root/proc"
for device in null urandom; do touch "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
if [ "$tools" = busybox ]; then for tool in dash env; do mount --bind "$root/usr/local/bin/busybox" "$root/usr/bin/$tool"; done; fi
exec chroot "$root" /usr/bin/env -i "$@"`

describe.each(['debian', 'busybox'] as const)('a fresh system with the tools of %s', (tools) => {
  let root: string
  const running: ChildProcessWithoutNullStreams[] = []
  /** What took how long, in milliseconds. */
  const took: [what: string, ms: number][] = []

  const path = tools === 'busybox' ? '/opt/busybox:/usr/local/bin' : '/usr/local/bin:/usr/bin:/bin'
  const through = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'NO_PROXY', 'no_proxy'].flatMap(
    (name) => (process.env[name] === undefined ? [] : [`${name}=${process.env[name]}`]),
  )
  const settings = [
    `PATH=${path}`,
    'HOME=/root',
    'TMPDIR=/tmp',
    'npm_config_update_notifier=false',
    ...through,
  ]
  const inside = (...command: string[]): string[] => {
    const words = ['--mount', '--propagation', 'private', 'sh', '-c', ENTER, 'enter', root, tools]
    return [...words, ...settings, ...command]
  }
  const run = (...command: string[]) => spawnSync('unshare', inside(...command), { encoding: 'utf8' })
  const timed = async <T>(what: string, work: () => T | Promise<T>): Promise<T> => {
    const began = performance.now()
    const answer = await work()
    took.push([what, performance.now() - began])
    return answer
  }
  /** A process of its own, in nobody's session; and what it said. */
  const start = (...command: string[]) => {
    const child = spawn('setsid', ['--wait', 'unshare', ...inside(...command)])
    running.push(child)
    const said = { text: '' }
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => (said.text += chunk))
    return { child, said }
  }
  const says = async (said: { text: string }, pattern: RegExp): Promise<string> =>
    vi.waitFor(
      () => {
        const [, found] = pattern.exec(said.text) ?? []
        expect(found, said.text).toBeDefined()
        return found ?? ''
      },
      { timeout: READY_MS, interval: 20 },
    )
  /** The daemon, by its own word: `setsid` and `unshare` stand before it. */
  const stop = async (child: ChildProcessWithoutNullStreams, stateDir: string): Promise<void> => {
    const ended = once(child, 'close')
    const { pid } = JSON.parse(run('cat', `${stateDir}/daemon.json`).stdout) as { pid: number }
    process.kill(pid, 'SIGTERM')
    expect(await ended).toEqual([0, null])
  }

  beforeAll(() => {
    mkdirSync(FILES, { recursive: true })
    const made = execFileSync('bash', [join(import.meta.dirname, 'make-debian.sh'), FILES], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    }).trim()
    root = mkdtempSync(join(FILES, `fresh-${tools}-`))
    execFileSync('cp', ['-a', `${made}/.`, root])
    cpSync('/etc/resolv.conf', join(root, 'etc/resolv.conf'))
    cpSync('/etc/hosts', join(root, 'etc/hosts'))
    if (tools === 'debian') return
    copyFileSync('/usr/bin/busybox', join(root, 'usr/local/bin/busybox'))
    expect(run('/usr/local/bin/busybox', 'mkdir', '-p', '/opt/busybox').status).toBe(0)
    expect(run('/usr/local/bin/busybox', '--install', '-s', '/opt/busybox').status).toBe(0)
  })
  afterAll(async () => {
    for (const child of running) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGKILL')
      await once(child, 'close')
    }
    rmSync(root, { recursive: true, force: true })
    const lines = took.map(([what, ms]) => `  ${what.padEnd(40)} ${(ms / 1_000).toFixed(1).padStart(6)} s`)
    process.stdout.write(`${tools}:\n${lines.join('\n')}\n`)
  })

  it('installs the packed file', async () => {
    const packed = execFileSync(
      'npm',
      ['pack', '--json', '--ignore-scripts', '--pack-destination', join(root, 'tmp')],
      {
        cwd: REPOSITORY,
        encoding: 'utf8',
      },
    )
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }]
    const options = ['--global', '--no-audit', '--no-fund', '--loglevel=error']
    const { status, stderr } = await timed('npm install --global', () =>
      run('npm', 'install', ...options, `/tmp/${filename}`),
    )
    expect([status, stderr]).toEqual([0, ''])
    expect(run('whatsappd', '--version').stdout).toMatch(/^\d+\.\d+\.\d+/)
    if (tools === 'busybox') expect(run('sh', '-c', 'ls --help 2>&1').stdout).toContain('BusyBox')
  })

  it('links a phone, and doctor finds nothing to complain of', async () => {
    const demo = await timed('demo, from nothing to its page', async () => {
      const started = start('whatsappd', 'demo', '--port', '0')
      await says(started.said, /page {4}(\S+)/)
      return started
    })
    const page = await says(demo.said, /page {4}(\S+)/)
    const config = await says(demo.said, /config {2}(\S+)/)
    const stateDir = config.replace(/sandbox\.config\.json5$/, 'state')
    const link = start('whatsappd', 'link', '--code', OWNER, '--state-dir', stateDir)
    const code = await says(link.said, /([1-9A-HJKLMNP-TV-Z]{4}-?[1-9A-HJKLMNP-TV-Z]{4})/)
    const phone = `${new URL(page).origin}/simulator/phones/${encodeURIComponent(OWNER)}/code`
    const typed = await fetch(phone, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: code.replace('-', '') }),
    })
    expect(typed.ok, await typed.text()).toBe(true)
    const [linked] = (await once(link.child, 'close')) as [number | null]
    expect(linked, link.said.text).toBe(0)
    const doctor = await timed('doctor', () =>
      run('whatsappd', 'doctor', '--state-dir', stateDir, '--config', config, '--json'),
    )
    const { findings } = JSON.parse(doctor.stdout) as { findings: { id: string; state: string }[] }
    expect(findings.filter(({ state }) => state === 'problem')).toEqual([])
    expect(doctor.status).toBe(0)
    await stop(demo.child, stateDir)
  })

  it('runs by the ExecStart of its unit, stops, and starts again in a new process tree', async () => {
    mkdirSync(join(root, 'etc/whatsappd'), { recursive: true })
    mkdirSync(join(root, 'var/lib/whatsappd'), { recursive: true, mode: 0o700 })
    writeFileSync(
      join(root, 'etc/whatsappd/sandbox.config.json5'),
      `{ channels: { whatsapp: { allowFrom: ['${OWNER}'] } }, whatsappd: { listen: { port: 0 } } }\n`,
      { mode: 0o600 },
    )
    const printed = run('whatsappd', 'install-service', '--system', '--print')
    expect([printed.status, printed.stderr]).toEqual([0, ''])
    const unit = join(root, 'tmp/whatsappd.service')
    // What systemd verifies is also whether user and program are there: here they are below another root, and the user is made by an install.
    const node = '/usr/local/bin/node'
    writeFileSync(
      unit,
      printed.stdout.replaceAll(node, join(root, node)).replace('User=whatsappd', 'User=daemon'),
    )
    const verified = spawnSync('systemd-analyze', ['--system', 'verify', unit], { encoding: 'utf8' })
    expect([verified.status, verified.stderr]).toEqual([0, ''])
    const [, line = ''] = /^ExecStart=(.+)$/m.exec(printed.stdout) ?? []
    const command = line.split(' ')
    for (const what of ['start by ExecStart', 'start again']) {
      const service = await timed(what, async () => {
        const started = start('WHATSAPPD_STATE_DIR=/var/lib/whatsappd', ...command)
        await says(started.said, /(is running on)/)
        return started
      })
      await timed('stop', () => stop(service.child, '/var/lib/whatsappd'))
    }
  })
})
