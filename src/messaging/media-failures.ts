import type { MediaFailure, MediaOutcome } from './media-outcome.ts'
import { tooLargeSentence } from './too-large.ts'

export type FailedMedia = Extract<MediaOutcome, { outcome: 'failed' }>

/** How a transport says that a file cannot be had: `sentences` are its own for each cause, for people. */
export function mediaFailures<Cause extends Exclude<MediaFailure, 'too_large'>>(
  sentences: Readonly<Record<Cause, string>>,
): {
  /** `retry`: a later attempt may have it. */
  failed: (code: Cause, retry?: boolean) => FailedMedia
  tooLarge: (maxBytes: number) => FailedMedia
} {
  return {
    failed: (code, retry = false) => ({ outcome: 'failed', code, message: sentences[code], retry }),
    tooLarge: (maxBytes) => ({
      outcome: 'failed',
      code: 'too_large',
      message: tooLargeSentence(maxBytes),
      retry: false,
    }),
  }
}
