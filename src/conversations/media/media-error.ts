import type { MediaFailure } from '../../messaging/media-outcome.ts'
import { tooLargeSentence } from '../../messaging/too-large.ts'
import { isDiskFull } from '../../storage/files/is-disk-full.ts'

/** Why a file cannot be kept; the message is a sentence for a person, and for the assistant. */
export class MediaError extends Error {
  readonly code: MediaFailure

  constructor(code: MediaFailure, message: string) {
    super(message)
    this.name = 'MediaError'
    this.code = code
  }

  static tooLarge(maxBytes: number): MediaError {
    return new MediaError('too_large', tooLargeSentence(maxBytes))
  }

  static noSpace(): MediaError {
    return new MediaError('no_space', 'There is no room for the file on the disk of the assistant.')
  }

  /** An error of the file system says nothing of paths here. */
  static from(error: unknown): MediaError {
    if (error instanceof MediaError) return error
    if (isDiskFull(error)) return MediaError.noSpace()
    return new MediaError('refused', 'The file cannot be read or stored.')
  }
}
