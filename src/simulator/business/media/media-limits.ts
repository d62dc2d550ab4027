const KB = 1_024
const MB = 1_024 * KB

type Kind = 'image' | 'video' | 'audio' | 'document' | 'sticker'

const LIMITS: Readonly<Record<Kind, { types: RegExp; maxBytes: number }>> = {
  image: { types: /^image\/(jpeg|png)$/, maxBytes: 5 * MB },
  video: { types: /^video\/(mp4|3gpp)$/, maxBytes: 16 * MB },
  audio: { types: /^audio\/(aac|amr|mpeg|mp4|ogg)$/, maxBytes: 16 * MB },
  document: { types: /^[\w.+-]+\/[\w.+-]+$/, maxBytes: 100 * MB },
  sticker: { types: /^image\/webp$/, maxBytes: 500 * KB },
}

/** What a file of a type begins with. */
const BEGINNINGS: readonly (readonly [type: RegExp, matches: (bytes: Buffer) => boolean])[] = [
  [/^image\/jpeg$/, (bytes) => bytes.readUIntBE(0, 3) === 0xff_d8_ff],
  [/^image\/png$/, (bytes) => bytes.subarray(1, 4).toString('latin1') === 'PNG'],
  [/^image\/webp$/, (bytes) => bytes.subarray(8, 12).toString('latin1') === 'WEBP'],
  [/^audio\/ogg$/, (bytes) => bytes.subarray(0, 4).toString('latin1') === 'OggS'],
]

/** The most that may be uploaded, whatever it is. */
export const MAX_UPLOAD_BYTES = LIMITS.document.maxBytes

/** The type without its parameters. */
function plainType(mimeType: string): string {
  return (mimeType.split(';')[0] ?? '').trim().toLowerCase()
}

/** Whether files of this type can be uploaded at all. */
export function isUploadable(mimeType: string): boolean {
  const type = plainType(mimeType)
  const [main] = type.split('/')
  return Object.values(LIMITS).some(({ types }) => types.test(type)) && main !== 'multipart'
}

/** The most that Meta takes of a type. */
export function maxBytesOf(mimeType: string): number {
  const type = plainType(mimeType)
  const media = [LIMITS.image, LIMITS.video, LIMITS.audio, LIMITS.sticker]
  return media.find(({ types }) => types.test(type))?.maxBytes ?? LIMITS.document.maxBytes
}

/** Why a file cannot be sent as this kind; `null` where it can. `isVoice`: OGG with Opus alone. */
export function problemOf(
  kind: string,
  { bytes, mimeType }: { bytes: Buffer; mimeType: string },
  isVoice: boolean,
): string | null {
  // Asked for kinds of files alone.
  const limit = LIMITS[kind as Kind]
  const type = plainType(mimeType)
  if (!limit.types.test(type)) return `File of type ${type} cannot be sent as ${kind}.`
  if (bytes.length > limit.maxBytes) return `File is larger than ${limit.maxBytes} bytes.`
  const beginning = BEGINNINGS.find(([types]) => types.test(type))
  if (beginning !== undefined && (bytes.length < 12 || !beginning[1](bytes)))
    return `Downloaded file is of type application/octet-stream instead of ${type}.`
  if (isVoice && (type !== 'audio/ogg' || !bytes.subarray(0, 256).includes('OpusHead')))
    return 'A voice message has to be OGG with the codec OPUS.'
  return null
}
