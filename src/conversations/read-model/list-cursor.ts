import { DaemonError } from '../../protocol/errors.ts'

/** Where a page of the list ends: in a walk, and by the last conversation of the page, for when the walk is forgotten. */
export interface ListCursor {
  walk: string
  /** Ids of the walk before the next page. */
  position: number
  /** Of the last conversation. */
  lastAt: number
  id: number
}

const FORM = /^([\da-f-]{36})\.(\d{1,6})\.(\d{1,16})\.(\d{1,15})$/

export function writeListCursor({ walk, position, lastAt, id }: ListCursor): string {
  return Buffer.from(`${walk}.${position}.${lastAt}.${id}`).toString('base64url')
}

/** Throws `DaemonError` (`invalid_params`) for what is none of ours. */
export function readListCursor(cursor: string): ListCursor {
  const [, walk, position, lastAt, id] = FORM.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (walk === undefined)
    throw new DaemonError('invalid_params', {
      message: 'This is no cursor of such a list.',
      action: 'Use the cursor of the last answer, or none to begin anew.',
    })
  return { walk, position: Number(position), lastAt: Number(lastAt), id: Number(id) }
}
