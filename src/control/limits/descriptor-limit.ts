import { readFileSync } from 'node:fs'

/** What is assumed where the system does not say: the usual soft limit. */
const USUAL_LIMIT = 1_024

/** How many files and sockets this process may have open at once. Never throws. */
export function descriptorLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    if (soft === 'unlimited') return Number.MAX_SAFE_INTEGER
    return soft === undefined ? USUAL_LIMIT : Number(soft)
  } catch {
    return USUAL_LIMIT
  }
}
