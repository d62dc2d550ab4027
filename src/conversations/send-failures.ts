import type { SendFailure } from './outbox-store.ts'

/** Why the daemon itself does not send what is stored, or gives up. */
export const SEND_FAILURES = {
  notAllowed: {
    code: 'not_allowed',
    message: 'The recipient is not allowed to talk to the assistant any more.',
  },
  revoked: { code: 'revoked', message: 'The message that it answers was deleted by its sender.' },
  unconfirmed: { code: 'unconfirmed', message: 'WhatsApp did not acknowledge the message.' },
} as const satisfies Record<string, SendFailure>
