import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommandLine } from './command-line.ts'

/** A user id that no system knows. */
const SERVICE_USER = 48_714
const RESTRICTED_EXEC = join(import.meta.dirname, 'restricted_exec.py')

/** Two file systems for processes: bubblewrap needs a whole one, the service gets what `ProcSubset=pid` and `ProtectProc=invisible` leave. */
const ENTER = `
set -e
proc=$1
shift
mount --make-rprivate /
mount -t proc proc /proc
mount -t proc -o subset=pid,hidepid=invisible proc "$proc"
exec setpriv --reuid ${SERVICE_USER} --regid ${SERVICE_USER} --clear-groups --inh-caps -all --no-new-privs "$@"
`

/**
 * A command under the restrictions of a unit, one by one, because systemd does not run where the tests do: name spaces for
 * processes, users, mounts, IPC and the host name; no capability; a root that can only be read, with empty homes and temporary directories and
 * few devices; and the unit's own rules for system calls. Needs root, bubblewrap, setpriv, systemd-analyze and Python's seccomp.
 */
export class HardenedService {
  readonly directory = mkdtempSync(join(tmpdir(), 'whatsappd-hardened-'))
  readonly stateDir = join(this.directory, 'state')
  readonly configDir = join(this.directory, 'etc')
  readonly #unit: string
  readonly #readable: readonly string[]

  /** `readable`: directories that the empty ones would hide. */
  constructor(unit: string, readable: readonly string[]) {
    this.#unit = unit
    this.#readable = readable
    mkdirSync(join(this.directory, 'proc'))
    for (const path of [this.stateDir, this.configDir]) {
      mkdirSync(path, { mode: 0o700 })
      chownSync(path, SERVICE_USER, SERVICE_USER)
    }
    execFileSync('chmod', ['755', this.directory])
  }

  /** Why this machine cannot do it; `null` where it can. */
  static obstacle(unit: string): string | null {
    const service = new HardenedService(unit, [join(import.meta.dirname)])
    try {
      const [program, words] = service.#commandLine(['true'])
      execFileSync(program, words, { stdio: 'pipe' })
      return null
    } catch (error) {
      const { stderr } = error as { stderr?: Buffer }
      return (stderr?.toString() ?? String(error)).trim().replaceAll('\n', ' ')
    } finally {
      service.remove()
    }
  }

  run(command: readonly string[]): CommandLine {
    const [program, words] = this.#commandLine(command)
    return new CommandLine(words, {}, program)
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true })
  }

  #commandLine(command: readonly string[]): [program: string, words: string[]] {
    const own = ['--mount', '--pid', '--fork', '--ipc', '--uts', '--kill-child']
    const proc = join(this.directory, 'proc')
    const bound = (way: string, path: string): string[] => [way, path, path]
    const hidden = ['/home', '/root', '/run/user', '/tmp', '/var/tmp'].flatMap((path) => ['--tmpfs', path])
    const readable = [...this.#readable, import.meta.dirname, this.#unit].flatMap((path) =>
      bound('--ro-bind', path),
    )
    const writable = [this.stateDir, this.configDir].flatMap((path) => bound('--bind', path))
    const sandbox = `bwrap --unshare-user --cap-drop ALL --ro-bind / / --bind ${proc} /proc`.split(' ')
    sandbox.push(...hidden, '--dev', '/dev', '--chdir', '/', ...readable, ...writable)
    sandbox.push('--setenv', 'WHATSAPPD_STATE_DIR', this.stateDir)
    sandbox.push('--setenv', 'SANDBOX_CONFIG', join(this.configDir, 'sandbox.config.json5'))
    const restricted = ['/usr/bin/python3', RESTRICTED_EXEC, this.#unit]
    return ['unshare', [...own, 'sh', '-c', ENTER, 'service', proc, ...sandbox, ...restricted, ...command]]
  }
}
