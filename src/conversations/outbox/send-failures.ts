import type { SendFailure } from '../../messaging/outcome.ts'
import { WINDOW_CLOSED } from '../../messaging/window-closed.ts'

/** Why the daemon itself does not send what is stored, or gives up. The command line, the card and hosts each have a way of their own to send again. */
export const SEND_FAILURES = {
  notAllowed: {
    code: 'not_allowed',
    message: 'The recipient is not allowed to talk to the assistant any more.',
  },
  windowClosed: WINDOW_CLOSED,
  revoked: { code: 'revoked', message: 'The message that it answers was deleted by its sender.' },
  personChanged: {
    code: 'person_changed',
    message: 'The number of the recipient belongs to another WhatsApp account now.',
  },
  forgotten: {
    code: 'forgotten',
    message: 'What was said in this conversation was erased before the message went out.',
  },
  noRecipientKeys: {
    code: 'no_recipient_keys',
    message:
      'WhatsApp has no keys for any device of the recipient, so nothing can be encrypted for them. Send it again when ' +
      'they have opened WhatsApp on their phone.',
  },
  outcomeUnknown: {
    code: 'unconfirmed',
    message:
      'WhatsApp did not tell whether the message arrived. Look into the chat; send it again only if it is ' +
      'not there, because it could show twice.',
  },
  fileGone: {
    code: 'file_gone',
    message: 'The file that it consists of is not there any more. Ask the assistant for it again.',
  },
  targetGone: {
    code: 'target_gone',
    message:
      'The message that it reacts to, or changes, is not stored any more or never went out: there is nothing to put it to.',
  },
  notUploaded: {
    code: 'upload_failed',
    message: 'The file could not be handed to WhatsApp. Wait a few minutes, and send it again.',
  },
  unconfirmed: { code: 'unconfirmed', message: 'WhatsApp did not acknowledge the message.' },
} as const satisfies Record<string, SendFailure>

const AWAITED_BY_NOBODY: ReadonlySet<string> = new Set([
  SEND_FAILURES.notAllowed.code,
  SEND_FAILURES.revoked.code,
  SEND_FAILURES.personChanged.code,
])

/** Whether somebody waits for a message that failed so. */
export function isAwaited({ code }: SendFailure): boolean {
  return !AWAITED_BY_NOBODY.has(code)
}

const OF_FILE: ReadonlySet<string> = new Set([
  SEND_FAILURES.fileGone.code,
  SEND_FAILURES.notUploaded.code,
  'file_too_large',
  'file_refused',
])

/** Whether the file of the message is why, so that words would arrive. */
export function isOfFile({ code }: SendFailure): boolean {
  return OF_FILE.has(code)
}
