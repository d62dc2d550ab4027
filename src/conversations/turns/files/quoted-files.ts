import type { TurnAttachment } from '../../../agents/agent.ts'
import type { Database } from '../../../storage/database/database.ts'
import type { FileWait } from '../../media/media-fetcher.ts'
import type { MediaFiles } from '../../media/media-files.ts'
import type { InboxRow, InboxStore } from '../../store/inbox-store.ts'
import { attachmentsOf } from './attachments-of.ts'
import { prepareFiles, type PrepareFilesDependencies } from './prepare-files.ts'
import { findQuoted, type QuoteSpeakers } from '../content/read-quote.ts'

/** Messages of one turn whose quotes are looked at; the newest. */
const MAX_QUOTES = 20

export interface QuotedFilesDependencies extends PrepareFilesDependencies {
  database: Database
  inbox: Pick<InboxStore, 'find'>
  mediaFiles: Pick<MediaFiles, 'pathOfRow' | 'sentWith'>
}

/** By the inbox sequence of the message that quotes. */
export type QuotedFiles = ReadonlyMap<number, readonly TurnAttachment[]>

/**
 * The files of the messages that these rows quote, as they were stored when they were said here, fetched where they are not yet. A quote
 * itself says nothing that is believed: it can name files that nobody sent. Of somebody who may not write there now, nothing. Rejects with
 * the reason of an aborted `wait.signal` alone.
 */
export async function quotedFiles(
  deps: QuotedFilesDependencies,
  rows: readonly InboxRow[],
  { speakers, wait }: { speakers: QuoteSpeakers; wait: FileWait },
): Promise<QuotedFiles> {
  const quoting = rows.filter(({ target_id }) => target_id !== null).slice(-MAX_QUOTES)
  const found = await Promise.all(
    quoting.map(async (row): Promise<[number, readonly TurnAttachment[]]> => {
      const source = findQuoted(deps.database, row, speakers.ownNumber)
      if (source === null) return [row.sequence, []]
      if (source.author === 'assistant') return [row.sequence, ownFiles(deps, source.messageId)]
      const quoted = deps.inbox.find(source.sequence)
      if (quoted === undefined || (quoted.author === 'person' && !speakers.isAllowed(quoted.sender)))
        return [row.sequence, []]
      return [row.sequence, attachmentsOf(quoted, await prepareFiles(deps, [quoted], wait))]
    }),
  )
  return new Map(found.filter(([, files]) => files.length > 0))
}

/** What an answer of the assistant was sent with. */
function ownFiles({ mediaFiles }: QuotedFilesDependencies, messageId: string): TurnAttachment[] {
  return mediaFiles.sentWith(messageId).map((row) => {
    const { name, declared_type, type, size } = row
    const mimeType = type ?? declared_type
    const kind = /^(image|audio|video)\//.exec(mimeType ?? '')?.[1] ?? 'document'
    const path = mediaFiles.pathOfRow(row)
    return {
      // Of the four that the expression knows.
      kind: kind as 'image' | 'audio' | 'video' | 'document',
      what: `${kind} of yours`,
      name,
      mimeType,
      size,
      path,
      problem: path === null ? 'The file is no longer kept here.' : null,
    }
  })
}
