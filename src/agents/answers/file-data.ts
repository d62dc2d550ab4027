/** Of one file that comes inside of an answer, in bytes; a larger one is named by its path. */
export const MAX_FILE_BYTES = 16 * 1_024 * 1_024
/** What carries a whole answer, or one step of it: room for the largest file, in base64, and for what is around it. */
export const MAX_STEP_BYTES = 24 * 1_024 * 1_024

/**
 * The bytes of a file that comes in base64, or of a piece of it that has `before` bytes before it; or, as a sentence, why it cannot be
 * sent. What is too large is not decoded.
 */
export function fileData(base64: unknown, before = 0): { data: Buffer } | { why: string } {
  const text = typeof base64 === 'string' ? base64 : ''
  if (before + Buffer.byteLength(text, 'base64') > MAX_FILE_BYTES)
    return { why: `A file inside of an answer has at most ${MAX_FILE_BYTES} bytes.` }
  const data = Buffer.from(text, 'base64')
  return data.length === 0 ? { why: 'A file inside of the answer is empty, or no base64.' } : { data }
}
