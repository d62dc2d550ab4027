import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'

/** As in `src/code-cache/program-files.ts`. */
const LENGTH_DIGITS = 8

/**
 * Writes files of the program, texts by name without a character beyond ASCII, as the one file that `ProgramFiles` reads. Answers with the
 * digest of them all, with which it begins.
 */
export async function packProgram(path, files) {
  const hash = createHash('sha256')
  const index = {}
  let end = 0
  for (const [name, text] of files) {
    hash.update(`${name} ${text.length}\n${text}`)
    index[name] = [end, text.length]
    end += text.length
  }
  const digest = hash.digest('hex')
  const places = JSON.stringify(index)
  const header = `${digest} ${String(places.length).padStart(LENGTH_DIGITS, '0')}\n${places}`
  await writeFile(path, [header, ...files.values()].join(''), 'latin1')
  return digest
}
