import { DaemonError } from '../../../protocol/errors.ts'
import type { MessagePlace } from './message-rows.ts'

const FORM = /^(\d{1,15})\.([01])\.(\d{1,15})$/

/** Names a place in a conversation. */
export function writeMessageCursor({ place, isReply, sequence }: MessagePlace): string {
  return Buffer.from(`${place}.${isReply}.${sequence}`).toString('base64url')
}

/** Before everything. */
const START: MessagePlace = { place: -1, isReply: 1, sequence: 0 }

/** `start` is the beginning of every conversation. Throws `DaemonError` (`invalid_params`) for what is none of ours. */
export function readMessageCursor(cursor: string): MessagePlace {
  if (cursor === 'start') return START
  const [, place, isReply, sequence] = FORM.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (place === undefined)
    throw new DaemonError('invalid_params', {
      message: 'This is no cursor of messages.',
      action: 'Use `before` or `after` of the last answer, or none for the newest messages.',
    })
  return { place: Number(place), isReply: isReply === '1' ? 1 : 0, sequence: Number(sequence) }
}
