/** A file that belongs to words: they stand in its first line behind its length, and dots fill the rest. */
export function questionFile(words, length) {
  const line = `${length} ${words}\n`
  return Buffer.from(line.padEnd(Math.max(length, line.length), '.'))
}

/** The words that such a file belongs to; `null` where a byte of it is not as it was made. */
export function wordsOfFile(bytes) {
  const text = bytes.toString('latin1')
  const [, length = '', words = ''] = /^(\d+) ([^\n]*)\n\.*$/.exec(text) ?? []
  return length !== '' && questionFile(words, Number(length)).equals(bytes) ? words : null
}
