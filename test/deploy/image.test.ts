import { type ChildProcessWithoutNullStreams, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

const REPOSITORY = join(import.meta.dirname, '../..')
const USER = 10_001
/** Kept between runs: Debian and Node, which do not change. */
const FILES = process.env['WHATSAPPD_TEST_DEPLOY_FILES'] ?? join(tmpdir(), 'whatsappd-test-deploy')

interface ImageConfig {
  User: string
  Entrypoint: string[]
  Cmd: string[]
  Env: string[]
  Volumes: Record<string, unknown>
  StopSignal: string
  Healthcheck: { Test: string[] }
}

// The image as the Dockerfile makes it, run in chroot: there are no containers where these tests run.
describe('the image', () => {
  let storage: string
  let root: string
  let config: ImageConfig
  let container: string
  const running: ChildProcessWithoutNullStreams[] = []

  const buildah = (...words: string[]): string =>
    execFileSync(
      'buildah',
      [
        '--root',
        join(storage, 'root'),
        '--runroot',
        join(storage, 'run'),
        '--storage-driver',
        'vfs',
        ...words,
      ],
      { cwd: REPOSITORY, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 28 },
    )

  beforeAll(() => {
    mkdirSync(FILES, { recursive: true })
    storage = mkdtempSync(join(tmpdir(), 'whatsappd-buildah-'))
    execFileSync('bash', [join(import.meta.dirname, 'make-node-image.sh'), storage, FILES], {
      stdio: 'inherit',
    })
    const file = 'deploy/docker/Dockerfile'
    // Docker's format, because the other one has no health check.
    const format = ['--isolation', 'chroot', '--pull=never', '--format', 'docker']
    buildah('build', ...format, '--file', file, '--tag', 'whatsappd', '.')
    const inspected = JSON.parse(buildah('inspect', '--type', 'image', 'whatsappd')) as {
      Docker: { config: ImageConfig }
    }
    config = inspected.Docker.config
    container = buildah('from', '--pull=never', 'whatsappd').trim()
    root = buildah('mount', container).trim()
    // What a container engine mounts.
    for (const name of ['null', 'urandom'])
      if (!existsSync(join(root, 'dev', name)))
        execFileSync('cp', ['-a', `/dev/${name}`, join(root, 'dev', name)])
  })
  afterAll(async () => {
    for (const child of running) {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
    }
    rmSync(storage, { recursive: true, force: true })
  })

  /** As an engine with `--read-only` does it: the root can only be read, `/data` is a volume, the user is the image's. */
  const inImage = (command: readonly string[]): string[] => {
    const script =
      'set -e; root=$1; shift; mount --bind "$root" "$root"; mount --bind "$root/data" "$root/data"; mount -o remount,bind,ro "$root"; ' +
      'mount -t proc proc "$root/proc"; mount --bind /dev/null "$root/dev/null"; mount --bind /dev/urandom "$root/dev/urandom"; ' +
      `exec chroot --userspec=${config.User} "$root" /usr/bin/env -i "$@"`
    const settings = config.Env
    return ['--mount', '--propagation', 'private', 'sh', '-c', script, 'image', root, ...settings, ...command]
  }
  const run = (command: readonly string[]) => spawnSync('unshare', inImage(command), { encoding: 'utf8' })

  it('runs as a user without a name, keeps its state on a volume, and checks its health without curl', () => {
    expect(config.User).toBe(`${USER}:${USER}`)
    expect(Object.keys(config.Volumes)).toEqual(['/data'])
    expect(config.StopSignal).toBe('SIGTERM')
    expect(config.Healthcheck.Test).toEqual(['CMD', 'node', '/app/healthcheck.mjs'])
    expect(config.Cmd).toEqual(['run'])
    const { stdout } = run([
      'sh',
      '-c',
      'id -u; touch /app/x 2>&1; touch /data/x && stat -c %a%u /data; ls -A /app /app/node_modules',
    ])
    expect(stdout).toMatch(/^10001\n.*Read-only file system\n70010001\n/)
    const installed = stdout.split('\n')
    for (const name of ['libsignal', 'zod']) expect(installed).toContain(name)
    for (const name of ['src', 'docs', 'test', 'vitest', 'typescript', 'esbuild'])
      expect(installed).not.toContain(name)
  })

  it('serves, is healthy while nobody scanned anything, and stops in order', async () => {
    const { Healthcheck } = config
    const check = (): number | null => run(Healthcheck.Test.slice(1)).status
    expect(check()).toBe(1)
    const daemon = spawn('unshare', inImage([...config.Entrypoint, ...config.Cmd, '--port', '0']))
    running.push(daemon)
    let output = ''
    for (const stream of [daemon.stdout, daemon.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
    await vi.waitFor(
      () => expect(output).toMatch(/is running on 127\.0\.0\.1, port \d+[^]*Nobody is allowed/),
      {
        timeout: 120_000,
      },
    )
    expect(check()).toBe(0)
    daemon.kill('SIGTERM')
    const [code] = (await once(daemon, 'close')) as [number | null]
    expect(code).toBe(0)
    expect(check()).toBe(1)
  })
})
