import type { MediaKind } from '../../../protocol/media-kinds.ts'

const KIND_OF_EXTENSION: Readonly<Record<string, MediaKind>> = {
  jpg: 'image',
  jpeg: 'image',
  png: 'image',
  webp: 'image',
  mp4: 'video',
  '3gp': 'video',
  mp3: 'audio',
  m4a: 'audio',
  aac: 'audio',
  ogg: 'voice',
  opus: 'voice',
}

/** As what a file of this name is sent. */
export function kindOfName(name: string): MediaKind {
  const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  return KIND_OF_EXTENSION[extension] ?? 'document'
}
