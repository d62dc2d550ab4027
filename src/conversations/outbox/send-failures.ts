import type { SendFailure } from '../../messaging/outcome.ts'

/** Why the daemon itself does not send what is stored, or gives up. The command line, the card and hosts each have a way of their own to send again. */
export const SEND_FAILURES = {
  notAllowed: {
    code: 'not_allowed',
    message: 'The recipient is not allowed to talk to the assistant any more.',
  },
  revoked: { code: 'revoked', message: 'The message that it answers was deleted by its sender.' },
  personChanged: {
    code: 'person_changed',
    message: 'The number of the recipient belongs to another WhatsApp account now.',
  },
  noRecipientKeys: {
    code: 'no_recipient_keys',
    message:
      'WhatsApp has no keys for any device of the recipient, so nothing can be encrypted for them. Send it again when ' +
      'they have opened WhatsApp on their phone.',
  },
  outcomeUnknown: {
    code: 'outcome_unknown',
    message:
      'WhatsApp did not tell whether the message arrived. Look into the chat; send it again only if it is ' +
      'not there, because it could show twice.',
  },
  unconfirmed: { code: 'unconfirmed', message: 'WhatsApp did not acknowledge the message.' },
} as const satisfies Record<string, SendFailure>
