import { statSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { ConfigMount } from './config-mount.ts'
import { type ConfigContent, readConfigContent } from './read-config-content.ts'

/** File systems round times: a change so young may hide another one of the same size behind it. */
const YOUNG_CHANGE_MS = 2_000
/** Content that cannot be used may be a partial write: it is rejected only when it is unchanged after this time. */
const TORN_WRITE_MS = 100

/** `replacedOutside`: the file is mounted, and was moved or replaced where it is mounted from. */
export type FileChange =
  | { kind: 'none' }
  | { kind: 'replacedOutside' }
  | { kind: 'content'; content: ConfigContent }

/** Whether the config file has changed since it was judged last, cheaply where nothing about it has changed. */
export class FileState {
  readonly mount: ConfigMount
  readonly #path: string
  /** What was judged last, in force or rejected. */
  #judged: ConfigContent | null = null
  /** What may be a partial write, and waits for its verdict. */
  #suspect: ConfigContent | null = null
  #suspectTimer: NodeJS.Timeout | undefined
  #stamp = ''
  #isReplaced = false
  #includedPaths: readonly string[] = []
  readonly #env: NodeJS.ProcessEnv

  constructor(path: string, env: NodeJS.ProcessEnv) {
    this.#path = path
    this.#env = env
    this.mount = new ConfigMount(path)
  }

  /** Where included files are, or are looked for. */
  get includedPaths(): readonly string[] {
    return this.#includedPaths
  }

  get judged(): ConfigContent | null {
    return this.#judged
  }

  /** Whether its content is judged. A file that could not be read may be readable later, without a change of the file. */
  get isSettled(): boolean {
    return this.#suspect === null && !isUnreadable(this.#judged)
  }

  /** What must be judged now. */
  check(): FileChange {
    const { stamp, isYoung } = this.#readStamp()
    if (stamp === this.#stamp && !isYoung && this.isSettled) return { kind: 'none' }
    this.#stamp = stamp
    if (this.mount.isStale()) return this.#replaced()
    if (this.#isReplaced) this.#judged = null
    this.#isReplaced = false
    const content = this.#read()
    if (isDeepStrictEqual(content, this.#judged)) this.clearSuspect()
    else if (!isDeepStrictEqual(content, this.#suspect)) return { kind: 'content', content }
    return { kind: 'none' }
  }

  /** This content was put in force, or rejected. */
  setJudged(content: ConfigContent): void {
    this.clearSuspect()
    this.#judged = content
    this.#note(content)
  }

  /** Calls `judge` unless the verdict falls before, or other content takes the place of this one. */
  holdSuspect(content: ConfigContent, judge: () => void): void {
    this.clearSuspect()
    this.#suspect = content
    this.#suspectTimer = setTimeout(judge, TORN_WRITE_MS)
  }

  /** Whether this content still waits, and still is that of the file. */
  suspicionOf(content: ConfigContent): 'superseded' | 'changed' | 'unchanged' {
    if (this.#suspect !== content) return 'superseded'
    return isDeepStrictEqual(this.#read(), content) ? 'unchanged' : 'changed'
  }

  clearSuspect(): void {
    clearTimeout(this.#suspectTimer)
    this.#suspect = null
  }

  #replaced(): FileChange {
    if (this.#isReplaced) return { kind: 'none' }
    this.#isReplaced = true
    this.clearSuspect()
    return { kind: 'replacedOutside' }
  }

  #read(): ConfigContent {
    const content = readConfigContent(this.#path, this.#env)
    this.#note(content)
    return content
  }

  #note(content: ConfigContent): void {
    const included = content.kind === 'text' ? (content.included ?? []) : []
    // While the file cannot be read, what it included is still watched.
    if (content.kind === 'text')
      this.#includedPaths = [...new Set(included.map(({ namedPath }) => namedPath))]
  }

  /**
   * Another stamp whenever the file at the path, a file that it includes, or the directory that is mounted around it, changes. Reads no
   * content and never throws.
   */
  #readStamp(): { stamp: string; isYoung: boolean } {
    const stamps = [this.#path, ...this.#includedPaths].map(stampOf)
    return {
      stamp: [...stamps.map(({ stamp }) => stamp), this.mount.stamp()].join('|'),
      isYoung: stamps.some(({ isYoung }) => isYoung),
    }
  }
}

function stampOf(path: string): { stamp: string; isYoung: boolean } {
  try {
    const { dev, ino, nlink, size, mtimeMs, ctimeMs } = statSync(path)
    return {
      stamp: `${dev}/${ino}/${nlink}/${size}/${mtimeMs}/${ctimeMs}`,
      isYoung: Date.now() - ctimeMs < YOUNG_CHANGE_MS,
    }
  } catch {
    return { stamp: 'missing', isYoung: false }
  }
}

/** Whether it may become readable without a change of the config file. */
function isUnreadable(content: ConfigContent | null): boolean {
  if (content?.kind !== 'text') return content?.kind === 'unreadable'
  return content.included?.some((each) => 'failure' in each.content) === true
}
