import type { OutgoingFile } from '../../../messaging/outgoing-message.ts'
import type { SendFailure } from '../../../messaging/outcome.ts'
import { tooLargeSentence } from '../../../messaging/too-large.ts'
import { fileForm } from '../../../network/file-form.ts'
import { isRecord } from '../../../protocol/is-record.ts'
import { CLOUD_API_CAPABILITIES } from '../capabilities.ts'
import type { GraphClient } from '../graph/graph-client.ts'
import type { GraphProblem } from '../graph/graph-problem.ts'

/** For the largest file on a slow line. */
const TIMEOUT_MS = 20 * 60_000
/** Of a sticker that does not move. */
const MAX_STILL_STICKER_BYTES = 100_000
/** Texts that Meta knows by no type of their own. */
const TEXTS = /^(?:text\/|application\/(?:json|yaml|xml)$)/

export type UploadedFile = { mediaId: string } | { problem: GraphProblem } | { failure: SendFailure }

/** Why WhatsApp does not take this file, known before anything is sent; `null` where it may. */
export function refusalOfFile({ kind, size, mimeType, isAnimated }: OutgoingFile): SendFailure | null {
  const { maxBytes = 0, mimeTypes } = CLOUD_API_CAPABILITIES.media[kind] ?? {}
  const isStill = kind === 'sticker' && isAnimated !== true
  const most = isStill ? MAX_STILL_STICKER_BYTES : maxBytes
  if (size > most) return { code: 'file_too_large', message: `${tooLargeSentence(most)} Send a smaller one.` }
  if (size === 0) return { code: 'file_refused', message: 'WhatsApp takes no empty files.' }
  if (mimeTypes === undefined || mimeTypes.includes(bare(mimeType))) return null
  const types = mimeTypes.join(', ')
  return { code: 'file_refused', message: `As ${kind} WhatsApp takes ${types} alone. Send it as a document.` }
}

/** Hands a file to Meta, from the disk and in constant memory. Rejects never. */
export async function uploadFile(
  graph: Pick<GraphClient, 'call'>,
  phoneNumberId: string,
  file: OutgoingFile,
  signal: AbortSignal,
): Promise<UploadedFile> {
  const mimeType = mimeTypeOf(file)
  const { path, size, name } = file
  const form = fileForm({ messaging_product: 'whatsapp', type: mimeType }, { path, size, mimeType, name })
  const hangUp = new AbortController()
  try {
    const answer = await graph.call({
      method: 'POST',
      path: `${phoneNumberId}/media`,
      ends: 'permission',
      form,
      signal: AbortSignal.any([signal, hangUp.signal]),
      timeoutMs: TIMEOUT_MS,
    })
    if (answer.ok) {
      const id = isRecord(answer.body) ? answer.body['id'] : undefined
      if (typeof id === 'string' && /^\w{1,128}$/.test(id)) return { mediaId: id }
      return {
        failure: {
          code: 'upload_failed',
          message: 'Meta took the file and named no id of it. Send it again.',
        },
      }
    }
    if (form.failure() !== null)
      return { failure: { code: 'file_gone', message: 'The file is not on the disk any more.' } }
    return { problem: answer.problem }
  } finally {
    hangUp.abort()
  }
}

function mimeTypeOf({ mimeType, kind }: OutgoingFile): string {
  const type = bare(mimeType)
  // Without the codec Meta does not take it.
  if (type === 'audio/ogg') return 'audio/ogg; codecs=opus'
  return kind === 'document' && TEXTS.test(type) ? 'text/plain' : type
}

function bare(mimeType: string): string {
  return (mimeType.split(';', 1)[0] ?? '').trim().toLowerCase()
}
