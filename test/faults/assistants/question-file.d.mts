/** A file of `length` bytes, or a few more, that belongs to words. */
export function questionFile(words: string, length: number): Buffer<ArrayBuffer>
/** The words that such a file belongs to; `null` where a byte of it is not as it was made. */
export function wordsOfFile(bytes: Buffer): string | null
