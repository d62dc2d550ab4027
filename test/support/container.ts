import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A user id that no system knows, as `docker run --user` and OpenShift give. */
export const CONTAINER_USER = 48_713

/** What Node and the C library of this machine need to run. */
const SYSTEM_LIBRARIES = ['/lib', '/lib64', '/usr/lib', '/usr/lib64'] as const

/**
 * Prepares the root of the container and runs the rest of its arguments there. Everything is mounted in a name space of its
 * own, which ends with the last process in it.
 */
const ENTER = `
set -e
root=$1 node=$2 package=$3 config=$4 data=$5 user=$6
shift 6
mount -t tmpfs -o mode=755 none "$root"
mkdir -p "$root/bin" "$root/usr/bin" "$root/usr/local/bin" "$root/app" "$root/etc" "$root/data" "$root/proc" "$root/dev"
for libraries in ${SYSTEM_LIBRARIES.join(' ')}; do
  if [ -L "$libraries" ]; then ln -s "$(readlink "$libraries")" "$root$libraries"; continue; fi
  if [ -d "$libraries" ]; then mkdir -p "$root$libraries"; mount --rbind "$libraries" "$root$libraries"; fi
done
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in sh ls cat env; do ln -s busybox "$root/bin/$applet"; done
ln -s /bin/busybox "$root/usr/bin/env"
touch "$root/usr/local/bin/node" "$root/etc/whatsapp.json5" "$root/dev/null" "$root/dev/urandom" "$root/dev/full"
mount --bind "$node" "$root/usr/local/bin/node"
mount --bind "$package" "$root/app"
mount -o remount,bind,ro "$root/app"
mount --bind "$config" "$root/etc/whatsapp.json5"
mount --bind "$data" "$root/data"
mount -t proc proc "$root/proc"
for device in null urandom full; do mount --bind "/dev/$device" "$root/dev/$device"; done
mount -o remount,ro "$root"
exec chroot --userspec="$user:$user" "$root" /bin/env -i PATH=/usr/local/bin:/bin:/app/node_modules/.bin "$@"
`

/**
 * What a container is to the daemon: a root that can only be read, with BusyBox as its user land; no home directory and no
 * entry in a user database; no /tmp; its state on a volume at `/data`, its config a single file that is mounted at
 * `/etc/whatsapp.json5`. The network is this machine's. Needs root, BusyBox, `unshare` and `chroot`.
 */
export class Container {
  /** The config file outside; an edit is seen inside while it stays the same file. */
  readonly configPath: string
  /** The volume outside. */
  readonly data: string
  readonly #root: string
  readonly #package: string
  readonly #directory = mkdtempSync(join(tmpdir(), 'whatsappd-container-'))

  /** `packageFolder` holds the installed package. */
  constructor(packageFolder: string) {
    this.#package = packageFolder
    this.#root = join(this.#directory, 'root')
    this.data = join(this.#directory, 'data')
    this.configPath = join(this.#directory, 'whatsapp.json5')
    for (const path of [this.#root, this.data]) mkdirSync(path)
    chownSync(this.data, CONTAINER_USER, CONTAINER_USER)
    writeFileSync(this.configPath, '{}')
    chownSync(this.configPath, CONTAINER_USER, CONTAINER_USER)
  }

  /** Why this machine has no such containers; `null` where it has. */
  static obstacle(): string | null {
    const container = new Container(tmpdir())
    try {
      const said = execFileSync('unshare', container.#arguments(['node', '--version']), {
        encoding: 'utf8',
        stdio: 'pipe',
      })
      return said.startsWith('v') ? null : said
    } catch (error) {
      const { stderr } = error as { stderr?: string }
      return (stderr ?? String(error)).trim().replaceAll('\n', ' ')
    } finally {
      container.remove()
    }
  }

  /** Runs a command in it; `env` is all of its environment but `PATH`. */
  run(
    command: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): ChildProcessWithoutNullStreams {
    const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`)
    return spawn('unshare', this.#arguments([...settings, ...command]))
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true })
  }

  #arguments(words: readonly string[]): string[] {
    const mounts = [this.#root, process.execPath, this.#package, this.configPath, this.data]
    return [
      '--mount',
      '--propagation',
      'private',
      'sh',
      '-c',
      ENTER,
      'container',
      ...mounts,
      String(CONTAINER_USER),
      ...words,
    ]
  }
}
