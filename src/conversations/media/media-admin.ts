import { DaemonError } from '../../protocol/errors.ts'
import { MediaError } from './media-error.ts'
import type { MediaFiles } from './media-files.ts'
import type { MediaStore } from './media-store.ts'
import type { Upload, UploadedFiles } from './uploaded-files.ts'

/** A file for people who may see it. */
export interface OfferedMedia {
  /** Absolute. */
  path: string
  /** What its bytes show it to be; `null` where they show nothing. */
  mimeType: string | null
  /** By its sender's word. */
  name: string | null
  /** Of the content: the same for the same bytes. */
  sha256: string | null
}

export interface MediaAdminDependencies {
  uploads: UploadedFiles
  store: Pick<MediaStore, 'find'>
  files: Pick<MediaFiles, 'pathOfRow'>
}

/** What programs and dashboards do with the files of an account's messages. */
export class MediaAdmin {
  readonly #deps: MediaAdminDependencies

  constructor(deps: MediaAdminDependencies) {
    this.#deps = deps
  }

  /** On disk when it resolves. Rejects with `DaemonError` (`media_refused`), and with what the connection ends with. */
  async receive(
    upload: Upload,
  ): Promise<{ mediaId: string; expiresAt: Date; size: number; mimeType: string | null }> {
    try {
      const { id: mediaId, expiresAt, size, type: mimeType } = await this.#deps.uploads.receive(upload)
      return { mediaId, expiresAt, size, mimeType }
    } catch (error) {
      if (!(error instanceof MediaError)) throw error
      throw refusal(error)
    }
  }

  find(mediaId: string): OfferedMedia | null {
    const { store, files } = this.#deps
    const row = store.find(mediaId)
    const path = row === undefined ? null : files.pathOfRow(row)
    if (row === undefined || path === null) return null
    const { type: mimeType, name, sha256 } = row
    return { path, mimeType, name, sha256 }
  }
}

const REASONS: Partial<Record<MediaError['code'], string>> = {
  too_large: 'too_large',
  no_space: 'no_space',
  damaged: 'empty',
}

function refusal({ code, message }: MediaError): DaemonError {
  return new DaemonError('media_refused', {
    message,
    action:
      code === 'too_large'
        ? 'Send a smaller file, or raise mediaMaxMb in the config file.'
        : 'Send another file, or make room on the disk.',
    details: { reason: REASONS[code] ?? 'unusable' },
  })
}
