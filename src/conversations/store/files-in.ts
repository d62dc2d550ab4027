import type { ContentPart, FileDescription, RemoteMedia } from '../../messaging/content.ts'

/** Of one message; WhatsApp sends one. */
const MAX_FILES = 20

/** The files of a message in their order, each with where it can be fetched; as many as are kept of one. */
export function filesIn(
  parts: readonly ContentPart[],
): { file: FileDescription; media: RemoteMedia | undefined }[] {
  return parts
    .flatMap((part) =>
      part.kind === 'attachment' && part.file ? [{ file: part.file, media: part.media }] : [],
    )
    .slice(0, MAX_FILES)
}
