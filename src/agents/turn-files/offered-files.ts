import { randomUUID } from 'node:crypto'
import type { Turn, TurnAttachment } from '../agent.ts'
import { filesOfTurn } from './files-of-turn.ts'

/** Of one turn, and of all open turns together. */
const MAX_FILES = 100
const MAX_OFFERED = 20_000
const ROUTE = '/v1/media/'

/** A file that may be fetched over HTTP while its turn is open. */
export interface OfferedFile {
  path: string
  /** By its bytes; by its sender's word where they do not show it. */
  mimeType: string | null
}

/** The files of one turn, for as long as it is with somebody. */
export interface FileOffer {
  /** Where the file is fetched, below the daemon's own address; `null` where there is none. */
  urlOf: (file: TurnAttachment) => string | null
  /** From now on none of them is there. */
  withdraw: () => void
}

/** Files of turns that are with programs elsewhere, which cannot read this disk. Each has an id that nobody can guess. */
export class OfferedFiles {
  readonly #files = new Map<string, OfferedFile>()

  /** Offers what the turn's files are until `withdraw`; beyond the limits files have no address. */
  offer(turn: Pick<Turn, 'messages'>): FileOffer {
    const ids = new Map<TurnAttachment, string>()
    for (const file of filesOfTurn(turn)) {
      const { path, detectedType, mimeType } = file
      if (path === null || ids.size === MAX_FILES || this.#files.size >= MAX_OFFERED) continue
      const id = randomUUID()
      ids.set(file, id)
      this.#files.set(id, { path, mimeType: detectedType ?? mimeType })
    }
    return {
      urlOf: (file) => {
        const id = ids.get(file)
        return id === undefined ? null : `${ROUTE}${id}`
      },
      withdraw: () => {
        for (const id of ids.values()) this.#files.delete(id)
      },
    }
  }

  /** `null` where no open turn has it. */
  find(id: string): OfferedFile | null {
    return this.#files.get(id) ?? null
  }
}
