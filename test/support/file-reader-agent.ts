import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Says of each file of the question its kind, its type by its bytes, and the hash of what lies at its path; or why there is none. */
const PROGRAM = `
const { readFileSync, statSync } = require('node:fs')
const { createHash } = require('node:crypto')
let input = ''
process.stdin.on('data', (chunk) => { input += chunk }).on('end', () => {
  const { messages } = JSON.parse(input)
  const files = messages.flatMap(({ attachments }) => attachments)
  const lines = files.map(({ kind, path, detectedType, problem }) => {
    if (path === null) return kind + ': ' + problem
    const hash = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16)
    return kind + ' ' + detectedType + ' ' + (statSync(path).mode & 0o777).toString(8) + ' ' + hash
  })
  console.log(['"' + messages.map(({ text }) => text).join(' + ') + '"', ...lines].join('; '))
})
`

/** Settings of an account whose assistant reads the files that it gets. The program lies in `directory`. */
export function fileReaderAgent(directory: string): Record<string, unknown> {
  const program = join(directory, 'read-files.cjs')
  writeFileSync(program, `#!${process.execPath}\n${PROGRAM}`)
  chmodSync(program, 0o755)
  return { agents: { reader: { connector: 'command', program } }, defaultAgent: 'reader' }
}
