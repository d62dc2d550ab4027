/** What models take as a picture, by how such files begin: what a message says of its file proves nothing. */
const TYPES: readonly (readonly [mimeType: string, isOne: (bytes: Buffer) => boolean])[] = [
  ['image/jpeg', (bytes) => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))],
  ['image/png', (bytes) => bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))],
  ['image/gif', (bytes) => /^GIF8[79]a/.test(bytes.toString('latin1', 0, 6))],
  ['image/webp', (bytes) => /^RIFF[^]{4}WEBP/.test(bytes.toString('latin1', 0, 12))],
]

/** The type of a JPEG, PNG, GIF or WebP file; `null` for every other. */
export function imageTypeOf(bytes: Buffer): string | null {
  return TYPES.find(([, isOne]) => isOne(bytes))?.[0] ?? null
}
