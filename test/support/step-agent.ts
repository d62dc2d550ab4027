import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Answers with the steps that the question holds; `$quoted` and `$asked` in them are the ids of the quoted message and of
 * the question. A step with `times` is said so often.
 */
const PROGRAM = `
let input = ''
process.stdin.on('data', (data) => (input += data)).on('end', () => {
  const { id, text, quoted } = JSON.parse(input).messages.at(-1)
  const steps = text.slice(text.indexOf('[')).replaceAll('$quoted', quoted?.id).replaceAll('$asked', id)
  for (const { times = 1, ...step } of JSON.parse(steps))
    for (let count = 0; count < times; count += 1) console.log(JSON.stringify(step))
  console.log('{"type":"done"}')
})
`

/** Settings of an account whose assistant answers with the steps that it is sent. The program lies in `directory`, and so do its files. */
export function stepAgent(directory: string): Record<string, unknown> {
  const program = join(directory, 'answer.cjs')
  writeFileSync(program, `#!${process.execPath}\n${PROGRAM}`)
  chmodSync(program, 0o755)
  const ada = { connector: 'command', program, workingDirectory: directory, output: 'jsonl' }
  return { agents: { ada }, defaultAgent: 'ada' }
}
