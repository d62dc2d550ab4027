/** An assistant for the benchmark: `node agent-program.mjs acp|stay <milliseconds>` repeats each question after that time. */
import { setTimeout as delay } from 'node:timers/promises'
import { assist } from '../../support/line-assistant.mjs'

const [mode, ownMs] = process.argv.slice(2)
const QUESTION = /message \d+: [^\n]*\?/g

await assist(mode, async function* (question) {
  await delay(Number(ownMs))
  yield question.match(QUESTION)?.at(-1) ?? ''
})
