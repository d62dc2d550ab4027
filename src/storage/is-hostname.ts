import { isPrintable } from '../protocol/printable.ts'

/** RFC 1035. */
const MAX_LENGTH = 255

/** Whether `value`, which another process wrote, can be shown as the name of its machine. */
export function isHostname(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_LENGTH && isPrintable(value)
}
