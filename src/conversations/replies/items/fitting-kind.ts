import type { StoredFile } from '../../outbox/stored-content.ts'

type Kind = StoredFile['kind']

/** What WhatsApp's apps show as pictures, and play. */
const PICTURES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp'])
const VIDEOS: ReadonlySet<string> = new Set(['video/mp4', 'video/3gpp'])
const SOUNDS: ReadonlySet<string> = new Set([
  'audio/mpeg',
  'audio/mp4',
  'audio/x-m4a',
  'audio/aac',
  'audio/amr',
  'audio/ogg',
])

/**
 * As what a file can be shown: as `wanted` where its content is that, and as a document otherwise. `type`: what its bytes show; `null` for
 * nothing. A voice message counts as a sound until it is known to be one.
 */
export function fittingKind(wanted: Kind, type: string | null): Kind {
  const bare = (type ?? '').split(';', 1)[0] ?? ''
  switch (wanted) {
    case 'image':
      return PICTURES.has(bare) ? 'image' : 'document'
    case 'sticker':
      if (bare === 'image/webp') return 'sticker'
      return PICTURES.has(bare) ? 'image' : 'document'
    case 'video':
      return VIDEOS.has(bare) ? 'video' : 'document'
    case 'audio':
    case 'voice':
      return SOUNDS.has(bare) ? 'audio' : 'document'
    case 'document':
      return 'document'
  }
}
