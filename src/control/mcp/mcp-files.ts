import type { MediaKind } from '../../protocol/media-kinds.ts'

/** More is no help to a model, and clients refuse it. */
export const MAX_FILE_BYTES = 4 * 1_024 * 1_024

/** A file of a message, whole. */
export interface ReadFile {
  bytes: Buffer
  /** What its bytes show it to be; `null` where they show nothing. */
  mimeType: string | null
}

/** Where tools get files from, and where they go. */
export interface McpFiles {
  /**
   * A file of a message; `too_large` beyond `MAX_FILE_BYTES`, `null` where it is not there. Rejects as methods of the protocol do.
   */
  read(account: string, mediaId: string): Promise<ReadFile | 'too_large' | null>
  /** Hands a file of this machine to the daemon; `null` where the client may send none. Rejects with an error that says the cure. */
  upload: ((account: string, path: string) => Promise<{ mediaId: string; kind: MediaKind }>) | null
}
