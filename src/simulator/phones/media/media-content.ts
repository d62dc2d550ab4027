import type { proto } from '@whiskeysockets/baileys'
import type { FileSeal } from './media-cipher.ts'
import { MEDIA_KINDS, type MediaKind } from './media-kinds.ts'

/** A file that a person sends. */
export interface OutgoingMedia {
  kind: MediaKind
  data: Uint8Array
  /** As the phone sends this kind, otherwise. */
  mimeType?: string | undefined
  /** Documents have one. */
  name?: string | undefined
  caption?: string | undefined
  /** How long it lasts. */
  seconds?: number | undefined
  /** 64 levels from 0 to 100, of a voice note. */
  waveform?: Uint8Array | undefined
  width?: number | undefined
  height?: number | undefined
  /** The small JPEG that is shown before the file is fetched. */
  thumbnail?: Uint8Array | undefined
  /** Shown once: linked devices do not get it. */
  isViewOnce?: boolean | undefined
  /** Members of the message that say something else than what is true, as a hostile client does. */
  claims?: proto.Message.IImageMessage & proto.Message.IDocumentMessage & proto.Message.IAudioMessage
}

/** What a message says of the file that belongs to it; nothing of it is checked. */
export interface ClaimedFile extends FileSeal {
  kind: MediaKind
  mimeType: string
  size: number
  name: string | null
  seconds: number | null
  directPath: string
}

/** Where and how a file is kept. */
interface Place extends FileSeal {
  url: string
  directPath: string
  atMs: number
}

/** The message that carries a file, as apps build it. */
export function mediaMessage(
  media: OutgoingMedia,
  place: Place,
  contextInfo: proto.IContextInfo | undefined,
): proto.IMessage {
  const { kind, data, caption, isViewOnce } = media
  const { content, mimeType } = MEDIA_KINDS[kind]
  const { url, directPath, mediaKey, fileSha256, fileEncSha256, atMs } = place
  const file = {
    url,
    directPath,
    mediaKey,
    fileSha256,
    fileEncSha256,
    fileLength: data.length,
    mediaKeyTimestamp: Math.floor(atMs / 1_000),
    mimetype: media.mimeType ?? mimeType,
    ...(caption === undefined ? {} : { caption }),
    ...(contextInfo === undefined ? {} : { contextInfo }),
    ...traitsOf(media),
    ...media.claims,
  }
  const message = { [content]: file }
  if (isViewOnce === true) {
    const once = { message: { [content]: { ...file, viewOnce: true } } }
    return kind === 'voice' ? { viewOnceMessageV2Extension: once } : { viewOnceMessageV2: once }
  }
  return kind === 'document' && caption !== undefined ? { documentWithCaptionMessage: { message } } : message
}

/** The file that a message without wrappers carries. */
export function claimedFile(content: proto.IMessage): ClaimedFile | undefined {
  const { imageMessage, videoMessage, ptvMessage, audioMessage, documentMessage, stickerMessage } = content
  if (imageMessage) return claimed('image', imageMessage)
  if (videoMessage) return claimed(videoMessage.gifPlayback ? 'gif' : 'video', videoMessage)
  if (ptvMessage) return claimed('video-note', ptvMessage)
  if (audioMessage) return claimed(audioMessage.ptt ? 'voice' : 'audio', audioMessage)
  if (documentMessage) return claimed('document', documentMessage)
  return stickerMessage ? claimed('sticker', stickerMessage) : undefined
}

/** The caption of a file; empty where it has none. */
export function captionOf({
  imageMessage,
  videoMessage,
  ptvMessage,
  documentMessage,
}: proto.IMessage): string {
  return (imageMessage ?? videoMessage ?? ptvMessage ?? documentMessage)?.caption ?? ''
}

function claimed(
  kind: MediaKind,
  file: proto.Message.IImageMessage & { fileName?: string | null; seconds?: number | null },
): ClaimedFile {
  const none = new Uint8Array()
  return {
    kind,
    mimeType: file.mimetype ?? '',
    size: Number(file.fileLength ?? 0),
    name: file.fileName ?? null,
    seconds: file.seconds ?? null,
    directPath: file.directPath ?? '',
    mediaKey: file.mediaKey ?? none,
    fileSha256: file.fileSha256 ?? none,
    fileEncSha256: file.fileEncSha256 ?? none,
  }
}

/** What only some kinds say. */
function traitsOf(media: OutgoingMedia): object {
  const { kind, name, seconds, waveform, width, height, thumbnail } = media
  const picture = {
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    ...(thumbnail === undefined ? {} : { jpegThumbnail: thumbnail }),
  }
  const lasting = seconds === undefined ? {} : { seconds }
  const traits: Record<MediaKind, object> = {
    image: picture,
    video: { ...picture, ...lasting },
    gif: { ...picture, ...lasting, gifPlayback: true },
    'video-note': { ...picture, ...lasting },
    voice: { ...lasting, ptt: true, ...(waveform === undefined ? {} : { waveform }) },
    audio: { ...lasting, ptt: false },
    document: name === undefined ? {} : { title: name, fileName: name },
    sticker: { ...picture, isAnimated: false },
  }
  return traits[kind]
}
