import type { WhatsappdClient } from '../../../client/client.ts'

/** Where an export reads from: the running daemon, or the files of one that does not run. */
export interface ExportSource {
  /** Answers the methods of scope `conversations` that read, and rejects with `RequestError`. */
  client: Pick<WhatsappdClient, 'request'>
  /** The ids of every account. */
  accounts(): Promise<string[]>
  /** Writes a file of a message to this path; false where it is not there any more. Rejects with errors of the file system. */
  copyMedia(account: string, mediaId: string, path: string): Promise<boolean>
}
