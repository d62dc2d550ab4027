import { isRecord } from '../../../protocol/is-record.ts'
import type { BusinessEnvironment } from '../business-environment.ts'
import { GraphError } from '../graph/graph-error.ts'
import type { BusinessNumber } from '../management/business-number.ts'
import { problemOf } from '../media/media-limits.ts'

const FILES: readonly string[] = ['image', 'video', 'audio', 'document', 'sticker']
const FETCH_LIMIT_MS = 5_000

/**
 * The content of a message with its file looked up: uploaded before (`id`), or fetched now (`link`). What is wrong with the file
 * stands in `problem`; Meta tells it by webhook. Throws `GraphError` for an id that is not known.
 */
export async function prepareMedia(
  env: BusinessEnvironment,
  number: BusinessNumber,
  { type, content }: { type: string; content: Record<string, unknown> },
): Promise<Record<string, unknown>> {
  if (!FILES.includes(type)) return content
  const { link, id } = content
  const found = typeof link === 'string' ? await fetchLink(env, number, link) : env.media.get(String(id))
  if (typeof found === 'string') return { ...content, problem: found }
  if (found === undefined || found.number !== number)
    throw new GraphError(131009, { details: `Media ID ${String(id)} not found` })
  const problem = problemOf(type, found, type === 'audio' && content['voice'] === true)
  return { ...content, id: found.id, ...(problem === null ? {} : { problem }) }
}

async function fetchLink(
  env: BusinessEnvironment,
  number: BusinessNumber,
  link: string,
): Promise<ReturnType<BusinessEnvironment['media']['get']> | string> {
  try {
    const response = await fetch(link, { signal: AbortSignal.timeout(FETCH_LIMIT_MS) })
    if (!response.ok) return `Media download failed with HTTP status ${response.status}.`
    const bytes = Buffer.from(await response.arrayBuffer())
    const mimeType = response.headers.get('content-type') ?? 'application/octet-stream'
    return env.media.upload(number, { bytes, mimeType, name: null })
  } catch (error) {
    return `Media download failed: ${isRecord(error) ? String(error['message']) : 'no answer'}.`
  }
}
