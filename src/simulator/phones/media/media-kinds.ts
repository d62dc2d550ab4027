/** What a person would call the file of a message. */
export type MediaKind = 'image' | 'video' | 'gif' | 'video-note' | 'voice' | 'audio' | 'document' | 'sticker'

/** How files of a kind stand in a message, are encrypted, and are uploaded. */
export interface MediaTraits {
  /** The member of the message. */
  content:
    | 'imageMessage'
    | 'videoMessage'
    | 'ptvMessage'
    | 'audioMessage'
    | 'documentMessage'
    | 'stickerMessage'
  /** What the keys of the file are derived with. */
  info: string
  /** The type in the path of its upload. */
  upload: string
  mimeType: string
}

const IMAGE = { info: 'WhatsApp Image Keys', upload: 'image' }
const VIDEO = { info: 'WhatsApp Video Keys', upload: 'video', mimeType: 'video/mp4' }
const AUDIO = { info: 'WhatsApp Audio Keys', upload: 'audio', content: 'audioMessage' } as const

/** Source: Baileys rc14 (`MEDIA_HKDF_KEY_MAPPING`, `MEDIA_PATH_MAP`), whatsmeow (`upload.go`). */
export const MEDIA_KINDS: Readonly<Record<MediaKind, MediaTraits>> = {
  image: { ...IMAGE, content: 'imageMessage', mimeType: 'image/jpeg' },
  video: { ...VIDEO, content: 'videoMessage' },
  gif: { ...VIDEO, content: 'videoMessage' },
  'video-note': { ...VIDEO, content: 'ptvMessage' },
  voice: { ...AUDIO, mimeType: 'audio/ogg; codecs=opus' },
  audio: { ...AUDIO, mimeType: 'audio/mpeg' },
  document: {
    content: 'documentMessage',
    info: 'WhatsApp Document Keys',
    upload: 'document',
    mimeType: 'application/octet-stream',
  },
  sticker: { ...IMAGE, content: 'stickerMessage', mimeType: 'image/webp' },
}
