import { DaemonError } from '../../protocol/errors.ts'

const FORM = /^s(\d{1,16})$/

/** Names the place after the message with this id of the index. */
export function writeSearchCursor(id: number): string {
  return Buffer.from(`s${id}`).toString('base64url')
}

/** Throws `DaemonError` (`invalid_params`) for what is none of ours. */
export function readSearchCursor(cursor: string): number {
  const [, id] = FORM.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (id === undefined)
    throw new DaemonError('invalid_params', {
      message: 'This is no cursor of a search.',
      action: 'Use `cursor` of the last answer to the same search, or none for the newest messages.',
    })
  return Number(id)
}
