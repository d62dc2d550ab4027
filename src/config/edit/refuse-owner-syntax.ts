import { DaemonError } from '../../protocol/errors.ts'
import { isRecord } from '../../protocol/is-record.ts'
import { formatPath } from '../document/config-document.ts'
import type { PathSegment } from '../document/json5-tree.ts'
import type { EditRequest } from './edit-request.ts'

/** What begins a reference to a variable, also an escaped one. */
const VARIABLE = '${'
const INCLUDE = '$include'

/**
 * Variables and included files belong to the owner of the config file: who may edit settings from outside must not read the daemon's
 * environment or other files by them. Throws `DaemonError` (`config_invalid`) where anything that the edit would write contains `${`,
 * or is a key `$include`. What an edit only takes out of a list is not written, and may be named as it stands in the file.
 */
export function refuseOwnerSyntax({ edit, request }: EditRequest): void {
  if (edit === 'settings') {
    for (const { path, value, add } of request.changes) {
      for (const key of path) refuseKey(key, path)
      refuseInside(value, path)
      refuseInside(add, path)
    }
  } else if (edit !== 'allowFrom') refuseInside(request, [])
  else if (request.kind !== 'remove') refuseInside(request.numbers, ['allowFrom'])
}

function refuseInside(value: unknown, path: readonly PathSegment[]): void {
  if (typeof value === 'string') refuseVariable(value, path)
  else if (Array.isArray(value)) value.forEach((item, index) => refuseInside(item, [...path, index]))
  else if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) {
      refuseKey(key, [...path, key])
      refuseInside(inner, [...path, key])
    }
  }
}

function refuseKey(key: string, path: readonly PathSegment[]): void {
  if (key === INCLUDE) throw refused(INCLUDE, path)
  refuseVariable(key, path)
}

function refuseVariable(text: string, path: readonly PathSegment[]): void {
  if (text.includes(VARIABLE)) throw refused(VARIABLE, path)
}

function refused(what: string, path: readonly PathSegment[]): DaemonError {
  return new DaemonError('config_invalid', {
    message: `"${what}" is not taken from outside: only the owner of the config file refers to variables and to other files.`,
    action: 'Edit the config file itself.',
    details: { path: formatPath(path) },
  })
}
