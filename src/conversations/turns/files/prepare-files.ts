import type { FileWait, MediaFetcher } from '../../media/media-fetcher.ts'
import type { MediaFiles } from '../../media/media-files.ts'
import type { MediaFailure } from '../../../messaging/media-outcome.ts'
import type { InboxRow } from '../../store/inbox-store.ts'
import { storedFiles } from './stored-files.ts'
import { withoutFiles } from './without-files.ts'

/** What became of a file of a message. */
interface PreparedFile {
  /** `null` for a file that nobody can fetch. */
  id: string | null
  /** Absolute; `null` where there is no file. */
  path: string | null
  /** Why not. */
  problem: { code: MediaFailure; message: string } | null
  /** What its bytes show it to be. */
  detectedType: string | null
}

/** By the sequence of the inbox row, in the order of its `files`. */
export type PreparedFiles = ReadonlyMap<number, readonly PreparedFile[]>

export interface PrepareFilesDependencies {
  fetcher: Pick<MediaFetcher, 'settle' | 'problemOf'>
  mediaFiles: Pick<MediaFiles, 'pathOfRow'>
}

const UNKNOWN_KIND: PreparedFile = {
  id: null,
  path: null,
  problem: { code: 'refused', message: 'Nothing of this kind can be opened here.' },
  detectedType: null,
}

/**
 * Waits until the files of these messages are stored, or cannot be had, or until it is too late; they are fetched side by side. Rejects
 * with the reason of an aborted `wait.signal` alone.
 */
export async function prepareFiles(
  { fetcher, mediaFiles }: PrepareFilesDependencies,
  rows: readonly InboxRow[],
  wait: FileWait,
): Promise<PreparedFiles> {
  const prepared = await Promise.all(
    rows.map(async (row): Promise<[number, PreparedFile[]]> => {
      const described = storedFiles(row.files)
      if (described.length === 0) return [row.sequence, []]
      const settled = await fetcher.settle(row.sequence, wait)
      return [
        row.sequence,
        described.map((_file, position) => {
          const found = settled.find((each) => each.position === position)
          if (found === undefined) return UNKNOWN_KIND
          const path = mediaFiles.pathOfRow(found)
          return { id: found.id, path, problem: fetcher.problemOf(found), detectedType: found.type }
        }),
      ]
    }),
  )
  return new Map(prepared)
}

/** Whether there is nothing to answer: no words in any of these messages, and none of their files can be read. */
export function isNothingReadable(rows: readonly InboxRow[], prepared: PreparedFiles): boolean {
  return rows.every((row) => {
    const files = storedFiles(row.files)
    const hasWords = withoutFiles(row.text, files).trim() !== ''
    return (
      files.length > 0 && !hasWords && prepared.get(row.sequence)?.every(({ path }) => path === null) === true
    )
  })
}
