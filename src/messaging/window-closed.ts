import type { SendFailure } from './outcome.ts'

/** Why nothing but a template may be sent to somebody who has not written for a while (`Capabilities.window`). */
export const WINDOW_CLOSED = {
  code: 'window_closed',
  message:
    'The person did not write within the last 24 hours, so that WhatsApp takes nothing but a template. Send a template, or wait until they write.',
} as const satisfies SendFailure
