import type { FileDescription } from '../../../messaging/content.ts'
import type { MessageView } from '../../../protocol/conversations/message-view.ts'
import { TEXT_LIMITS } from '../../../protocol/text/text-limits.ts'
import { boundedName, cleanLine } from '../../../text/bounded-text.ts'
import type { MediaRow, MediaStore } from '../../media/media-store.ts'
import type { StoredFile } from '../../outbox/stored-content.ts'
import { storedFiles } from '../../turns/files/stored-files.ts'
import type { ReceivedRow } from './message-rows.ts'

type FileView = MessageView['files'][number]

const STATES: Readonly<Record<MediaRow['state'], FileView['state']>> = {
  due: 'loading',
  stored: 'ready',
  failed: 'failed',
  expired: 'gone',
}

/** The files of a message that came, with what became of each. */
export function receivedFiles(
  media: Pick<MediaStore, 'ofInbox'>,
  { sequence, files }: Pick<ReceivedRow, 'sequence' | 'files'>,
): FileView[] {
  const described = storedFiles(files)
  if (described.length === 0) return []
  const rows = new Map(media.ofInbox(sequence).map((row) => [row.position, row]))
  return described.map((file, position) => {
    const row = rows.get(position)
    return {
      mediaId: row?.id ?? null,
      kind: kindOf(file),
      mimeType: mimeType(row?.type ?? file.mimeType),
      name: file.name === null ? null : boundedName(file.name),
      size: sizeOf(row?.size ?? file.size),
      state: row === undefined ? 'failed' : STATES[row.state],
      problem:
        row === undefined
          ? 'It was not fetched: the message does not say how, or is from before the link.'
          : row.problem === null
            ? null
            : cleanLine(row.problem, TEXT_LIMITS.sentence),
    }
  })
}

/** The file of a message of ours. */
export function sentFile(media: Pick<MediaStore, 'find'>, file: StoredFile): FileView {
  const row = media.find(file.media)
  return {
    mediaId: row?.id ?? null,
    kind: file.kind,
    mimeType: mimeType(file.mimeType),
    name: boundedName(file.name),
    size: sizeOf(file.size),
    state: row === undefined ? 'gone' : STATES[row.state],
    problem: null,
  }
}

function kindOf({ kind, what }: FileDescription): FileView['kind'] {
  if (kind === 'audio') return what.startsWith('voice') ? 'voice' : 'audio'
  return what === 'sticker' ? 'sticker' : kind
}

function mimeType(type: string | null): string | null {
  return type === null ? null : cleanLine(type, TEXT_LIMITS.name)
}

function sizeOf(bytes: number | null): number | null {
  return bytes !== null && Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : null
}
