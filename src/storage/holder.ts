import { isPrintable } from '../protocol/text/printable.ts'

/** RFC 1035. */
const MAX_HOSTNAME_LENGTH = 255

/** The process that holds a lock or a lease. On another machine, or in another container, `pid` means another process. */
export interface Holder {
  pid: number
  hostname: string
}

/** Reads what another process wrote about itself as JSON; `null` where it names no process that can be shown. */
export function parseHolder(text: string): Holder | null {
  try {
    const { pid, hostname } = JSON.parse(text) as Partial<Record<keyof Holder, unknown>>
    return typeof pid === 'number' && isHostname(hostname) ? { pid, hostname } : null
  } catch {
    return null
  }
}

function isHostname(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_HOSTNAME_LENGTH && isPrintable(value)
}
