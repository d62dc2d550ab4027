import type { ContentPart, FileDescription, RemoteMedia } from '../../messaging/content.ts'
import { line } from './part-texts.ts'

interface ToldFile extends Pick<FileDescription, 'kind' | 'what' | 'size' | 'isViewOnce'> {
  name: string | null | undefined
  mimeType: string | null | undefined
}

/** A file of a message; `media`: where it is, or `null` where that is not said. */
export function filePart(
  { name, mimeType, isViewOnce, ...told }: ToldFile,
  media: RemoteMedia | null,
): ContentPart {
  return {
    kind: 'attachment',
    text: `[${told.what}]`,
    file: {
      ...told,
      name: line(name) || null,
      mimeType: line(mimeType) || null,
      ...(isViewOnce && { isViewOnce }),
    },
    ...(media && { media }),
  }
}
