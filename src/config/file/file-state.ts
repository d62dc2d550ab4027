import { statSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { ConfigMount } from './config-mount.ts'
import { type ConfigFileContent, readConfigFile } from './read-config-file.ts'

/** File systems round times: a change so young may hide another one of the same size behind it. */
const YOUNG_CHANGE_MS = 2_000
/** Content that cannot be used may be a partial write: it is rejected only when it is unchanged after this time. */
const TORN_WRITE_MS = 100

/** `replacedOutside`: the file is mounted, and was moved or replaced where it is mounted from. */
export type FileChange =
  | { kind: 'none' }
  | { kind: 'replacedOutside' }
  | { kind: 'content'; content: ConfigFileContent }

/** Whether the config file has changed since it was judged last, cheaply where nothing about it has changed. */
export class FileState {
  readonly mount: ConfigMount
  readonly #path: string
  /** What was judged last, in force or rejected. */
  #judged: ConfigFileContent | null = null
  /** What may be a partial write, and waits for its verdict. */
  #suspect: ConfigFileContent | null = null
  #suspectTimer: NodeJS.Timeout | undefined
  #stamp = ''
  #isReplaced = false

  constructor(path: string) {
    this.#path = path
    this.mount = new ConfigMount(path)
  }

  get judged(): ConfigFileContent | null {
    return this.#judged
  }

  /** What must be judged now. */
  check(): FileChange {
    const { stamp, isYoung } = this.#readStamp()
    // A file that could not be read may be readable later, without a change of the file.
    const isSettled = this.#suspect === null && this.#judged?.kind !== 'unreadable'
    if (stamp === this.#stamp && !isYoung && isSettled) return { kind: 'none' }
    this.#stamp = stamp
    if (this.mount.isStale()) return this.#replaced()
    if (this.#isReplaced) this.#judged = null
    this.#isReplaced = false
    const content = readConfigFile(this.#path)
    if (isDeepStrictEqual(content, this.#judged)) this.clearSuspect()
    else if (!isDeepStrictEqual(content, this.#suspect)) return { kind: 'content', content }
    return { kind: 'none' }
  }

  /** This content was put in force, or rejected. */
  setJudged(content: ConfigFileContent): void {
    this.clearSuspect()
    this.#judged = content
  }

  /** Calls `judge` unless the verdict falls before, or other content takes the place of this one. */
  holdSuspect(content: ConfigFileContent, judge: () => void): void {
    this.clearSuspect()
    this.#suspect = content
    this.#suspectTimer = setTimeout(judge, TORN_WRITE_MS)
  }

  /** Whether this content still waits, and still is that of the file. */
  suspicionOf(content: ConfigFileContent): 'superseded' | 'changed' | 'unchanged' {
    if (this.#suspect !== content) return 'superseded'
    return isDeepStrictEqual(readConfigFile(this.#path), content) ? 'unchanged' : 'changed'
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

  /** Another stamp whenever the file at the path, or the directory that is mounted around it, changes. Reads no content and never throws. */
  #readStamp(): { stamp: string; isYoung: boolean } {
    try {
      const { dev, ino, nlink, size, mtimeMs, ctimeMs } = statSync(this.#path)
      return {
        stamp: `${dev}/${ino}/${nlink}/${size}/${mtimeMs}/${ctimeMs}/${this.mount.stamp()}`,
        isYoung: Date.now() - ctimeMs < YOUNG_CHANGE_MS,
      }
    } catch {
      return { stamp: 'missing', isYoung: false }
    }
  }
}
