import { readFileSync, realpathSync, statSync } from 'node:fs'
import { sep } from 'node:path'

const MOUNT_TABLE = '/proc/self/mountinfo'
/** How Linux writes the source of a bind mount that has been deleted. */
const DELETED = '//deleted'

interface Mount {
  id: string
  /** Where it is seen from here. */
  point: string
  /** What it shows, as a path in its own file system; follows what is shown when that is renamed. */
  root: string
}

/**
 * What a container sees of a config file that is mounted into it, alone or with its directory: the file itself, not its name
 * outside. When a program outside puts another file in its place, this one stays visible here for good.
 */
export class ConfigMount {
  readonly #path: string
  #first: Mount | null = null

  constructor(path: string) {
    this.#path = path
  }

  /** Whether the path leads to what was moved away or deleted outside; a new mount in its place is none. */
  isStale(): boolean {
    const mount = mountOf(this.#path)
    if (mount === null) return false
    if (this.#first?.id !== mount.id) this.#first = mount
    if (mount.root.endsWith(DELETED) || mount.root !== this.#first.root) return true
    return this.isFile() && hasNoName(mount.point)
  }

  /** Whether the file is mounted by itself, so that nothing can take its place from here. */
  isFile(): boolean {
    return mountOf(this.#path)?.point === realPathOf(this.#path)
  }

  /** Changes when the mounted directory was moved, deleted or written to; empty where nothing is mounted. */
  stamp(): string {
    const point = this.#first?.root === '/' ? undefined : this.#first?.point
    const stat = point === undefined ? undefined : statSync(point, { throwIfNoEntry: false })
    return stat === undefined ? '' : `${stat.dev}/${stat.ino}/${stat.nlink}/${stat.ctimeMs}`
  }
}

/** The mount that holds the file; `null` where it is unknown. Linux only. https://docs.kernel.org/filesystems/proc.html */
function mountOf(path: string): Mount | null {
  const real = realPathOf(path)
  if (real === null) return null
  let found: Mount | null = null
  for (const line of mountTable()) {
    const [id = '', , , root = '', point = ''] = line.split(' ')
    const place = unescape(point)
    const isAbove = place === real || real.startsWith(place.endsWith(sep) ? place : place + sep)
    // Of two at the same place the later one hides the other.
    if (isAbove && place.length >= (found?.point.length ?? 0))
      found = { id, point: place, root: unescape(root) }
  }
  return found
}

function mountTable(): string[] {
  try {
    return readFileSync(MOUNT_TABLE, 'utf8').split('\n')
  } catch {
    return []
  }
}

/** Spaces and the like stand there as octal numbers. */
function unescape(text: string): string {
  return text.replaceAll(/\\(\d{3})/g, (_all, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  )
}

function realPathOf(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

function hasNoName(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.nlink === 0
}
