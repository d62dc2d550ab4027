import type { BusinessEnvironment } from '../business-environment.ts'
import { GraphError } from '../graph/graph-error.ts'
import type { GraphRequest } from '../graph/graph-request.ts'
import type { BusinessNumber } from '../management/business-number.ts'
import type { MediaFile } from './media-files.ts'
import { isUploadable, maxBytesOf } from './media-limits.ts'

/** `POST /<number>/media`. */
export function uploadMedia(
  env: BusinessEnvironment,
  number: BusinessNumber,
  { body, file }: GraphRequest,
): object {
  if (body['messaging_product'] !== 'whatsapp')
    throw new GraphError(100, { details: 'The parameter messaging_product is required.' })
  if (file === null) throw new GraphError(100, { details: 'The parameter file is required.' })
  const type = typeof body['type'] === 'string' && body['type'].includes('/') ? body['type'] : file.mimeType
  if (!isUploadable(type))
    throw new GraphError(131053, { details: `Files of type ${type || '(none)'} cannot be uploaded.` })
  if (file.bytes.length === 0 || file.bytes.length > maxBytesOf(type))
    throw new GraphError(131053, { details: `The file has ${file.bytes.length} bytes.` })
  return { id: env.media.upload(number, { bytes: file.bytes, mimeType: type, name: file.name }).id }
}

/** `GET /<media>`: where the file can be fetched from, for five minutes. */
export function describeMedia(env: BusinessEnvironment, file: MediaFile): object {
  return {
    url: env.media.addressOf(file),
    mime_type: file.mimeType,
    sha256: file.hash,
    file_size: file.bytes.length,
    id: file.id,
    messaging_product: 'whatsapp',
  }
}

/** `DELETE /<media>`. */
export function deleteMedia(env: BusinessEnvironment, file: MediaFile): object {
  return { success: env.media.delete(file.id) }
}
