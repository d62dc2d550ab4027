import { readFileSync } from 'node:fs'
import { repeated } from './repeated.mjs'
import { questionFile, wordsOfFile } from './question-file.mjs'

/** One question in so many is answered with a file. */
const FILES_SHARE = 4
const FILE_BYTES = 60_000

/**
 * What an assistant answers to a turn: the words of its messages, and what is wrong with a file that came with one, which is a word
 * that nobody expects. `file` carries the answer where it is due as a file.
 */
export function answerTo({ messages }) {
  const question = messages.map(({ text, written }) => written ?? text).join('\n')
  const wrong = messages.flatMap(({ attachments = [] }) =>
    attachments.flatMap((attachment) => fileComplaint(attachment, question)),
  )
  const words = [repeated(question), ...wrong].join(' ')
  const [, serial = '1'] = /^[A-Z](\d+)/.exec(words) ?? []
  return { words, file: Number(serial) % FILES_SHARE === 0 ? questionFile(words, FILE_BYTES) : null }
}

function fileComplaint({ path, problem }, question) {
  if (path === null) return [`no-file:${String(problem).replace(/\s+/g, '_')}`]
  const words = wordsOfFile(readFileSync(path))
  return words !== null && question.includes(words) ? [] : ['damaged-file']
}
