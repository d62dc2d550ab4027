import { isRecord } from '../../../protocol/is-record.ts'

const MINUTE_MS = 60_000
const MAX_LENGTH = 8_192

/**
 * For how long Meta wants no more calls, in milliseconds, by the header `X-Business-Use-Case-Usage`; `null` where it names no wait. It is an
 * object of lists, one for each business account, and counts `estimated_time_to_regain_access` in minutes.
 */
export function usageWaitMs(headers: Pick<Headers, 'get'>): number | null {
  const written = headers.get('x-business-use-case-usage')
  if (written === null || written.length > MAX_LENGTH) return null
  try {
    const usage: unknown = JSON.parse(written)
    const uses = isRecord(usage) ? Object.values(usage).flat() : []
    const minutes = uses.map((use) => (isRecord(use) ? Number(use['estimated_time_to_regain_access']) : 0))
    const longest = Math.max(0, ...minutes.filter(Number.isFinite))
    return longest > 0 ? longest * MINUTE_MS : null
  } catch {
    return null
  }
}
