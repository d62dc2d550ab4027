import type { AudioConverter } from '../../audio/audio-converter.ts'
import { readOggOpus } from '../../audio/ogg-opus.ts'
import { SOUND_HEAD_BYTES, soundTypeOf } from '../../audio/sound-type.ts'
import type { Turn, TurnAttachment } from '../../agent.ts'
import { filesOfTurn } from '../../turn-files/files-of-turn.ts'
import { imageTypeOf } from '../../turn-files/image-type.ts'
import { readTextDocument } from '../../turn-files/read-text-document.ts'
import { readBeginning, readTurnFile } from '../../turn-files/read-turn-file.ts'

/** As a chat completion takes a file that is no text. */
export type FilePart =
  | { type: 'image_url'; image_url: { url: string } }
  | { type: 'input_audio'; input_audio: { data: string; format: 'wav' | 'mp3' } }
  | { type: 'file'; file: { filename: string; file_data: string } }

/** What becomes of one file of a question. */
export interface QuestionFile {
  attachment: TurnAttachment
  /** What is sent beside the text; `null` for nothing. */
  part: FilePart | null
  /** What is sent as text; `null` for nothing. */
  document: { text: string; isCut: boolean } | null
  /** Why nothing is sent, as the end of a sentence. */
  leftOut: string | null
}

export interface FileSettings {
  images: boolean
  /** PDF documents as `file` parts. */
  files: boolean
  /** Sound as `input_audio` parts. */
  audio: boolean
  converter: Pick<AudioConverter, 'toWav' | 'canConvert'>
}

/** Files that go with one request. OpenClaw's gateway takes eight images, of ten megabytes each, in a request of twenty. */
const MAX_PARTS = 8
/** Of one of them. */
const MAX_PART_BYTES = 10_000_000
/** Of all of them together: base64 makes a third more of it, and the gateway above takes 20 MB. */
const MAX_TOGETHER_BYTES = 14_000_000
/** Of the WAV file that `toWav` makes. */
const WAV_BYTES_PER_SECOND = 32_000
/** Of the text of one document. */
const MAX_DOCUMENT_BYTES = 100_000
const MAX_DOCUMENTS = 10
/** Of one turn; the newest ones. */
const MAX_FILES = 50

/**
 * The files of a turn as a request carries them, oldest first: JPEG, PNG, GIF and WebP as data URLs, documents of words as text, and where
 * the settings say so PDF documents and sound. The newest eight that have no more than 14 MB together; what is larger than 10 MB is left
 * out. Never rejects.
 */
export async function readQuestionFiles(
  turn: Turn,
  settings: FileSettings,
  signal: AbortSignal,
): Promise<QuestionFile[]> {
  const read: QuestionFile[] = []
  let room = MAX_TOGETHER_BYTES
  let parts = 0
  let documents = 0
  for (const attachment of filesOfTurn(turn).slice(-MAX_FILES).toReversed()) {
    const document =
      documents === MAX_DOCUMENTS ? null : await readTextDocument(attachment, MAX_DOCUMENT_BYTES)
    if (document !== null) documents += 1
    const limit = Math.min(room, MAX_PART_BYTES)
    const found =
      document !== null || attachment.path === null || parts === MAX_PARTS
        ? null
        : await readPart(attachment, attachment.path, { ...settings, limit, signal })
    if (found !== null) {
      parts += 1
      room -= found.bytes
    }
    const part = found?.part ?? null
    const isLeftOut = document === null && part === null
    read.unshift({ attachment, part, document, leftOut: isLeftOut ? whyLeftOut(attachment, settings) : null })
  }
  return read
}

function whyLeftOut({ path, kind, mimeType }: TurnAttachment, settings: FileSettings): string | null {
  if (path === null) return null
  if (kind === 'image' && !settings.images) return 'pictures are not passed on to you'
  if (kind === 'audio' && !settings.audio) return 'sound is not passed on to you'
  if (mimeType === PDF && !settings.files) return 'PDF documents are not passed on to you'
  return 'it is too large, one of too many, or of a type that cannot be passed on'
}

const PDF = 'application/pdf'

interface PartLimits extends FileSettings {
  /** In bytes. */
  limit: number
  signal: AbortSignal
}

async function readPart(
  attachment: TurnAttachment,
  path: string,
  limits: PartLimits,
): Promise<{ part: FilePart; bytes: number } | null> {
  const { kind, name } = attachment
  if (kind === 'audio') return limits.audio ? readSound(path, limits) : null
  if (kind !== 'image' && kind !== 'document') return null
  const bytes = await readTurnFile(path, limits.limit)
  if (bytes === null) return null
  const image = limits.images ? imageTypeOf(bytes) : null
  if (image !== null)
    return { part: { type: 'image_url', image_url: { url: dataUrl(image, bytes) } }, bytes: bytes.length }
  if (!limits.files || bytes.toString('latin1', 0, 5) !== '%PDF-') return null
  const file = { filename: name ?? 'document.pdf', file_data: dataUrl(PDF, bytes) }
  return { part: { type: 'file', file }, bytes: bytes.length }
}

/** WAV and MP3 are what these servers know; of every other sound a WAV file is made, where ffmpeg is there. */
async function readSound(
  path: string,
  { limit, signal, converter }: PartLimits,
): Promise<{ part: FilePart; bytes: number } | null> {
  const own = await readTurnFile(path, limit)
  const format = own === null ? null : soundFormatOf(own)
  const bytes = format === null ? await converter.toWav(path, limit, signal) : own
  if (bytes === null) return null
  const sound = { data: bytes.toString('base64'), format: format ?? ('wav' as const) }
  return { part: { type: 'input_audio', input_audio: sound }, bytes: bytes.length }
}

/** Whether this sound can go with a question, as far as that can be told before a WAV file is made of it. Never rejects. */
export async function canSendSound(
  path: string,
  { canConvert }: FileSettings['converter'],
): Promise<boolean> {
  const own = await readBeginning(path, SOUND_HEAD_BYTES)
  if (own !== null && own.size <= MAX_PART_BYTES && soundFormatOf(own.bytes) !== null) return true
  if (!canConvert) return false
  const voice = await readOggOpus(path)
  return (voice?.seconds ?? 0) * WAV_BYTES_PER_SECOND <= MAX_PART_BYTES
}

function soundFormatOf(bytes: Buffer): 'wav' | 'mp3' | null {
  const { mimeType } = soundTypeOf(bytes)
  return mimeType === 'audio/wav' ? 'wav' : mimeType === 'audio/mpeg' ? 'mp3' : null
}

function dataUrl(type: string, bytes: Buffer): string {
  return `data:${type};base64,${bytes.toString('base64')}`
}
