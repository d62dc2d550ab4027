/**
 * An assistant for fault rounds that repeats what it is told: `node repeating-program.mjs acp|stay|turn <anything>`. What comes last
 * names whose it is, for those who look for the process.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { assist } from '../../support/line-assistant.mjs'
import { answerTo } from './answer-to.mjs'
import { repeated } from './repeated.mjs'

/** A kill falls into the middle of an answer now and then. */
const PIECE_MS = 15

const [mode] = process.argv.slice(2)
await assist(mode, async function* (question, turn) {
  const { words, file } = turn === undefined ? { words: repeated(question), file: null } : answerTo(turn)
  if (file !== null) {
    await delay(PIECE_MS)
    const data = file.toString('base64')
    yield { type: 'media', kind: 'document', data, name: 'words.txt', mimeType: 'text/plain', caption: words }
    return
  }
  for (const piece of words.split(/(?<= )/)) {
    await delay(PIECE_MS)
    yield piece
  }
})
