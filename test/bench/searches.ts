/**
 * Searches in an account with many messages. stdout carries a line a search; exits with 1 when one takes longer than its bound. In memory
 * (`/dev/shm`) where there is one.
 */
import { parseArgs } from 'node:util'
import { measureSearches } from './large/measure-searches.ts'

const { values: options } = parseArgs({
  options: { messages: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
})

const { isKept } = await measureSearches(
  { messages: Number(options.messages), seed: Number(options.seed) },
  (line) => console.log(line),
)
process.exitCode = isKept ? 0 : 1
