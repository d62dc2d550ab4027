import { open } from 'node:fs/promises'
import { DaemonError } from '../../protocol/errors.ts'
import type { ParsedParams } from '../../protocol/methods.ts'
import type { MediaFiles } from '../media/media-files.ts'
import type { MediaStore } from '../media/media-store.ts'
import type { StoredFile } from '../outbox/stored-content.ts'
import type { ItemPreparation } from '../replies/items/item-preparation.ts'

/** A voice message may have to be converted first. */
const PREPARE_WITHIN_MS = 120_000
const WITHOUT_CAPTION: ReadonlySet<string> = new Set(['voice', 'audio', 'sticker'])

type Media = NonNullable<ParsedParams<'messages.send'>['media']>

export interface SentFilesDependencies {
  store: Pick<MediaStore, 'find'>
  files: Pick<MediaFiles, 'pathOf' | 'keepFor' | 'discard'>
  items: Pick<ItemPreparation, 'prepare'>
}

/** The file of a message that somebody sends, by its id: an upload, or the file of a stored message. */
export class SentFiles {
  readonly #deps: SentFilesDependencies

  constructor(deps: SentFilesDependencies) {
    this.#deps = deps
  }

  /** Of the file's content; `null` where it is not there. */
  sha256Of(mediaId: string): string | null {
    return this.#deps.store.find(mediaId)?.sha256 ?? null
  }

  /** A copy, which one message goes out with: `keepFor` or `discard` must follow. Throws `DaemonError` (`media_not_found`, `media_refused`). */
  async prepare({ mediaId, kind, caption = '', name }: Media): Promise<StoredFile> {
    const { store, files, items } = this.#deps
    if (caption !== '' && WITHOUT_CAPTION.has(kind))
      throw new DaemonError('invalid_params', { message: `A file that is sent as ${kind} has no caption.` })
    const row = store.find(mediaId)
    const path = row === undefined ? null : files.pathOf(mediaId)
    if (row === undefined || path === null) throw new DaemonError('media_not_found', { details: { mediaId } })
    const mimeType = row.declared_type ?? row.type ?? undefined
    const ready = await items.prepare(
      {
        type: 'media',
        kind,
        file: { path },
        name: name ?? row.name ?? '',
        ...(mimeType !== undefined && { mimeType }),
      },
      { openFile: (opened) => open(opened, 'r') },
      AbortSignal.timeout(PREPARE_WITHIN_MS),
    )
    if (ready.kind === 'content' && ready.content.type === 'file') return { ...ready.content, caption }
    const message = ready.kind === 'unusable' ? ready.why : undefined
    throw new DaemonError('media_refused', {
      ...(message !== undefined && { message }),
      action: 'Send another file, or a smaller one.',
      details: { reason: 'unusable' },
    })
  }

  /** Inside of a transaction: it goes out with the row of the outbox that has this `message_id`. */
  keepFor({ media }: StoredFile, messageId: string): void {
    this.#deps.files.keepFor(media, messageId)
  }

  discard({ media }: StoredFile): void {
    this.#deps.files.discard(media)
  }
}
