import { statSync } from 'node:fs'
import type { ConfigMount } from './config-mount.ts'

/** File systems tell times in steps: a change so young may hide another one of the same size behind it. */
const YOUNG_CHANGE_MS = 2_000

export interface FileStamp {
  /** Another one whenever the file at the path, or the directory that is mounted around it, changes. */
  stamp: string
  /** Too young to be trusted: look again. */
  isYoung: boolean
}

/** Reads no content and never throws. */
export function stampOf(path: string, mount: Pick<ConfigMount, 'stamp'>): FileStamp {
  try {
    const { dev, ino, nlink, size, mtimeMs, ctimeMs } = statSync(path)
    return {
      stamp: `${dev}/${ino}/${nlink}/${size}/${mtimeMs}/${ctimeMs}/${mount.stamp()}`,
      isYoung: Date.now() - ctimeMs < YOUNG_CHANGE_MS,
    }
  } catch {
    return { stamp: 'missing', isYoung: false }
  }
}
