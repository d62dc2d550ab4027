import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Of these words the ones that stand in the bytes of a file below `directory`, each with the file: as UTF-8 and as UTF-16, as they are
 * written and in lower case.
 */
export function rawWords(directory: string, words: readonly string[]): string[] {
  const files = readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  return files.flatMap((file) => {
    const bytes = readFileSync(file)
    return words
      .filter((word) => formsOf(word).some((form) => bytes.includes(form)))
      .map((word) => `${word}: ${file}`)
  })
}

function formsOf(word: string): Buffer[] {
  const written = [word, word.toLowerCase(), word.normalize('NFD')]
  return written.flatMap((text) => {
    const utf16 = Buffer.from(text, 'utf16le')
    return [Buffer.from(text), utf16, Buffer.from(utf16).swap16()]
  })
}
