import { createHash } from 'node:crypto'
import type { MessageAuthor } from '../../access/may-send.ts'
import type { ParsedParams } from '../../protocol/methods.ts'

/** What `messages.send` is asked for; the account, and who asks, are known. */
export type SendRequest = Omit<ParsedParams<'messages.send'>, 'account' | 'as'>

/** Who asks. */
export interface Requester {
  /** In whose name it is said. */
  author: MessageAuthor
  /** From where the owner speaks. */
  by: 'dashboard' | 'api'
  /** Whether `force` may be asked for at all (scope `send:any`). */
  mayForce: boolean
}

/** What tells a repeated request from another one with the same `clientMessageId`: whom it goes to, and what it says. */
export function requestDigest(request: object): string {
  return createHash('sha256').update(canonical(request)).digest('base64url')
}

/** Of a request that may be written in several ways: all of their digests in one. */
export function digestOfAny(requests: readonly object[]): string {
  return requests.map(requestDigest).join('.')
}

/** Whether both are of one request, in any of the ways in which either is written. */
export function isSameRequest(one: string | null, other: string): boolean {
  const digests = other.split('.')
  return one !== null && one.split('.').some((digest) => digests.includes(digest))
}

/** The same text for the same content, whatever the order of its keys. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value) ?? ''
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  const sorted = entries.toSorted(([one], [other]) => (one < other ? -1 : 1))
  return `{${sorted.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join()}}`
}
