/**
 * What a dashboard reads of an account with many conversations: pages of the list, without a filter and with each, and pages of messages.
 * stdout carries a line each; exits with 1 when a median is above its bound. In memory (`/dev/shm`) where there is one.
 */
import { parseArgs } from 'node:util'
import { measureLists } from './large/measure-lists.ts'

const { values: options } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    conversations: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
  },
})

const { isKept } = measureLists(
  {
    messages: Number(options.messages),
    conversations: Number(options.conversations),
    seed: Number(options.seed),
  },
  (line) => console.log(line),
)
process.exitCode = isKept ? 0 : 1
