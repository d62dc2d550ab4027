import type { MessageReference } from './message-reference.ts'

/** Where a file goes. */
export interface MediaTarget {
  /** Absolute; nothing is there yet. The file is made with mode 0600, in a directory that exists. */
  path: string
  /** A longer file is refused: before a byte of it is fetched where its message says so, or else when it grows too long. */
  maxBytes: number
  /** The message that it came with. */
  message: MessageReference
  /** Whether the account's owner wrote that message. */
  isOwn?: boolean
  /** Runs what waits for the phone, which is no download: others may fetch meanwhile. */
  lendWhile?: <Result>(wait: () => Promise<Result>) => Promise<Result>
}

/** Why a file cannot be had. */
export type MediaFailure =
  | 'too_large'
  /** Nobody has it any more. */
  | 'gone'
  /** It is gone from the server, and the phone that has it does not answer. */
  | 'phone_away'
  /** What came is not what was sent. */
  | 'damaged'
  /** What the message says of it cannot be right, or the server refuses. */
  | 'refused'
  | 'unreachable'
  | 'no_space'

/** What came of one attempt to fetch a file. */
export type MediaOutcome =
  /** `size` in bytes, `sha256` in hexadecimal, both of what lies at the path. */
  | { outcome: 'fetched'; size: number; sha256: string }
  | {
      outcome: 'failed'
      code: MediaFailure
      /** A sentence for a person; nothing of the file's address or key. */
      message: string
      /** Whether a later attempt may have it. */
      retry: boolean
    }
