import { readHead } from '../../storage/files/read-at.ts'

interface SoundType {
  mimeType: string
  /** By which servers tell the format: they know few others. */
  name: string
}

/** As WhatsApp records. */
const OGG: SoundType = { mimeType: 'audio/ogg', name: 'voice.ogg' }
/** Others, by how their files begin: what a message says of its file proves nothing. */
const TYPES: readonly (readonly [beginning: RegExp, type: SoundType])[] = [
  [/^ID3|^\xff[\xe2\xe3\xf2\xf3\xfa\xfb]/, { mimeType: 'audio/mpeg', name: 'voice.mp3' }],
  [/^[^]{4}ftyp/, { mimeType: 'audio/mp4', name: 'voice.m4a' }],
  [/^RIFF[^]{4}WAVE/, { mimeType: 'audio/wav', name: 'voice.wav' }],
  [/^fLaC/, { mimeType: 'audio/flac', name: 'voice.flac' }],
  [/^.\x45\xdf\xa3/, { mimeType: 'audio/webm', name: 'voice.webm' }],
  [/^#!AMR/, { mimeType: 'audio/amr', name: 'voice.amr' }],
  [/^\xff[\xf0\xf1\xf8\xf9]/, { mimeType: 'audio/aac', name: 'voice.aac' }],
]

/** As many bytes as tell the type. */
export const SOUND_HEAD_BYTES = 16

/** What a file with sound is, by its first bytes; Ogg where these say nothing else. Rejects where it cannot be read. */
export async function soundType(path: string): Promise<SoundType> {
  return soundTypeOf(await readHead(path, SOUND_HEAD_BYTES))
}

/** The same by these bytes. */
export function soundTypeOf(head: Buffer): SoundType {
  const beginning = head.toString('latin1', 0, SOUND_HEAD_BYTES)
  return TYPES.find(([pattern]) => pattern.test(beginning))?.[1] ?? OGG
}
