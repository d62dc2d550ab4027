import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { type FSWatcher, watch } from 'chokidar'
import { linksOf } from './links-of.ts'
import { tellsOfChanges } from '../../storage/files/tells-of-changes.ts'

/** Events of one save come in a burst: the file is read once they are over. */
const SETTLE_MS = 15
/** The file is looked at this often where events do not tell of every change. */
const POLL_INTERVAL_MS = 1_000
/** And this often where they do: for a watcher that went deaf, and for directories that are moved with one above them. */
const CALM_INTERVAL_MS = 10_000
/** After a change the file is looked at often for so long: another one may hide behind it. */
const RESTLESS_MS = 5_000
/** How long a failed watcher is left alone; the poll goes on meanwhile. */
const REARM_DELAY_MS = 500

export interface FileWatchOptions {
  /** The config file, and those that it includes now. */
  paths: () => readonly string[]
  /** Looks at the file; called more often than it changes. */
  look: () => void
  /** Whether nothing can change but by another save. */
  isSettled: () => boolean
  /** Whether a save can miss the directory: the file is mounted by itself. */
  isMountedAlone: () => boolean
  /** The watcher failed; it will be armed again. */
  failed: (error: unknown) => void
}

/**
 * Says "look at the file" whenever its content may have changed. It watches the file's directory and not the file
 * itself, so that atomic replaces, deletions and symlink swaps (Kubernetes ConfigMaps) are seen; where the file is a link,
 * the directory that it leads to as well. Besides, it looks every ten seconds, and once a second where events do not tell of every change.
 * The watcher's own errors are reported, and it is armed again, as it is when another directory takes the place of a watched one.
 */
export class FileWatch {
  readonly #options: FileWatchOptions
  #watcher: FSWatcher | null = null
  /** The directories that are watched, with what identified them. */
  #armedFor = ''
  /** Whether the watcher in use can be relied on. */
  #isWatching = false
  #restlessUntil = 0
  #poll: NodeJS.Timeout | undefined
  #settle: NodeJS.Timeout | undefined
  #restUntil = 0
  /** Checked after every await: a later call has taken over when it differs. */
  #generation = 0
  /** Ends the wait for a watcher that is closed before it is ready. */
  #release = (): void => {}
  #stopped = false

  constructor(options: FileWatchOptions) {
    this.#options = options
  }

  /** Resolves when changes are seen. */
  async start(): Promise<void> {
    this.#pollLater()
    await this.#arm()
    this.#pollLater()
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#poll)
    clearTimeout(this.#settle)
    await this.#disarm()
  }

  #tick(): void {
    this.#options.look()
    const isResting = performance.now() < this.#restUntil
    if (!this.#stopped && !isResting && this.#armedFor !== this.#identity()) void this.#arm()
    this.#pollLater()
  }

  #pollLater(): void {
    clearTimeout(this.#poll)
    if (this.#stopped) return
    const isCalm = this.#isWatching && this.#options.isSettled() && performance.now() >= this.#restlessUntil
    this.#poll = setTimeout(() => this.#tick(), isCalm ? CALM_INTERVAL_MS : POLL_INTERVAL_MS)
    this.#poll.unref()
  }

  async #arm(): Promise<void> {
    const closed = this.#disarm()
    const generation = this.#generation
    const directories = this.#directories()
    this.#armedFor = this.#identity()
    await closed
    // A directory that is missing is waited for by the poll.
    if (generation !== this.#generation || this.#stopped || directories.length === 0) return
    const watcher = this.#watch(directories)
    this.#watcher = watcher
    await new Promise<void>((resolve) => {
      this.#release = resolve
      watcher.once('ready', resolve)
      watcher.once('error', () => resolve())
    })
    if (generation !== this.#generation) return
    this.#isWatching = this.#hearsAll(directories)
    // What was saved before the watcher was ready.
    this.#soon()
  }

  #watch(directories: readonly string[]): FSWatcher {
    const paths = this.#options.paths()
    const names = new Set(paths.flatMap((path) => [basename(path), basename(realPathOf(path) ?? path)]))
    const watcher = watch([...directories], {
      depth: 0,
      ignoreInitial: true,
      // The links of a ConfigMap (`..data`) change in place of the file.
      followSymlinks: false,
      ignored: (path) =>
        !directories.includes(resolve(path)) &&
        !names.has(basename(path)) &&
        !basename(path).startsWith('..'),
    })
    watcher.on('all', () => this.#soon())
    watcher.on('raw', () => this.#soon())
    watcher.on('error', (error) => this.#broken(watcher, error))
    return watcher
  }

  async #disarm(): Promise<void> {
    this.#generation += 1
    this.#isWatching = false
    const watcher = this.#watcher
    this.#watcher = null
    this.#armedFor = ''
    this.#release()
    await watcher?.close()
  }

  /** Later events of a burst do not push the look further away: a busy directory must not starve it. */
  #soon(): void {
    if (this.#stopped || this.#settle !== undefined) return
    this.#settle = setTimeout(() => {
      this.#settle = undefined
      this.#restlessUntil = performance.now() + RESTLESS_MS
      this.#tick()
    }, SETTLE_MS)
  }

  #broken(watcher: FSWatcher, error: unknown): void {
    if (this.#watcher !== watcher || this.#stopped) return
    this.#restUntil = performance.now() + REARM_DELAY_MS
    void this.#disarm()
    this.#pollLater()
    this.#options.failed(error)
  }

  #directories(): string[] {
    return [...new Set(this.#options.paths().flatMap((path) => directoriesOf(resolve(path))))]
  }

  /** Whether every save causes an event in one of these directories. */
  #hearsAll(directories: readonly string[]): boolean {
    const { paths, isMountedAlone } = this.#options
    return (
      !isMountedAlone() &&
      directories.every(tellsOfChanges) &&
      paths().every((path) => {
        const place = resolve(path)
        const file = realPathOf(place)
        // In a ConfigMap's own directories nothing is written to once they are there.
        const isHeard =
          file !== null &&
          tellsOfChanges(file) &&
          (directories.includes(dirname(file)) || basename(dirname(file)).startsWith('..'))
        return isHeard && linksOf(place).every((link) => directories.includes(dirname(link)))
      })
    )
  }

  #identity(): string {
    return [identityOf(this.#directories()), ...this.#options.paths()].join('|')
  }
}

/**
 * Those that exist of the file's directory and, where it is a link that leads away, its target's. A ConfigMap's link
 * leads to a directory inside, which is another one after each swap and never written to.
 */
function directoriesOf(path: string): string[] {
  const directory = realPathOf(dirname(path))
  if (directory === null) return []
  const file = realPathOf(path)
  const target = file === null ? directory : dirname(file)
  const isInside = target === directory || target.startsWith(join(directory, sep))
  return isInside ? [directory] : [directory, target]
}

/** Tells a directory from another one that has taken its place. */
function identityOf(directories: readonly string[]): string {
  return directories
    .map((directory) => {
      const stat = statSync(directory, { throwIfNoEntry: false })
      return `${directory}:${stat?.dev}:${stat?.ino}:${stat?.birthtimeMs}`
    })
    .join('|')
}

function realPathOf(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}
