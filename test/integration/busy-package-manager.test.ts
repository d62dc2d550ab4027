import { execFileSync, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

// A machine that has just been started upgrades itself: `make test` failed there at once, with advice that failed, too.

const SCRIPT = join(import.meta.dirname, '../support/ensure-installed.sh')
/** A small package that nothing here needs. */
const PACKAGE = 'hello'

const isPossible = process.getuid?.() === 0 && canRun('apt-get') && !canRun(PACKAGE)

function canRun(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

it.runIf(isPossible)('waits for a busy package manager, then says so', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'whatsappd-apt-'))
  // A copy of dpkg's database with a lock of its own: the real one stays free.
  copyFileSync('/var/lib/dpkg/status', join(directory, 'status'))
  mkdirSync(join(directory, 'updates'))
  const settings = join(directory, 'apt.conf')
  writeFileSync(
    settings,
    `Dir::State::status "${join(directory, 'status')}";\nAPT::Get::Download-Only "true";\n`,
  )
  const lock = join(directory, 'lock-frontend')
  const holder = spawn('python3', [
    '-c',
    'import fcntl, sys; f = open(sys.argv[1], "w"); fcntl.lockf(f, fcntl.LOCK_EX); print("held", flush=True); sys.stdin.read()',
    lock,
  ])
  try {
    await new Promise((resolve) => holder.stdout.once('data', resolve))
    const child = spawn('bash', [SCRIPT, PACKAGE], {
      env: { PATH: process.env['PATH'], APT_CONFIG: settings, WHATSAPPD_APT_WAIT_SECONDS: '2' },
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk))
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect(code).toBe(1)
    expect(said).toContain('the package manager is busy; waiting for at most 2 s')
    expect(said).toContain(`The tests need ${PACKAGE}, and the package manager was busy for 2 s`)
    // Who holds it.
    expect(said).toContain(`process ${holder.pid} (python3)`)
  } finally {
    holder.kill()
    rmSync(directory, { recursive: true, force: true })
  }
})
