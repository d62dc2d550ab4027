import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { isAlive } from '../support/is-alive.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

/** Notes its process, and answers with the number of who asks; ends at once where somebody writes "die". */
const PROGRAM = `
const { appendFileSync } = require('node:fs')
const { createInterface } = require('node:readline')
appendFileSync('pids', process.pid + '\\n')
createInterface({ input: process.stdin }).on('line', (line) => {
  const { type, request, messages, sender } = JSON.parse(line)
  if (type !== 'turn') return
  const question = messages.at(-1).text
  if (question === 'die') process.exit(7)
  const text = sender.phoneNumber + ' asks **' + question + '**'
  if (request === undefined) return console.log(text)
  for (const step of [{ type: 'delta', text }, { type: 'done' }]) console.log(JSON.stringify({ ...step, request }))
})
`

let directory: string
let stack: Stack
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'command-'))
  writeFileSync(join(directory, 'answer.cjs'), `#!${process.execPath}\n${PROGRAM}`)
  chmodSync(join(directory, 'answer.cjs'), 0o755)
})
afterEach(async () => {
  await stack.stop()
  rmSync(directory, { recursive: true, force: true })
})

const agents = (settings: object): object => ({
  ada: {
    connector: 'command',
    program: join(directory, 'answer.cjs'),
    workingDirectory: directory,
    ...settings,
  },
})
const pids = (): number[] => readFileSync(join(directory, 'pids'), 'utf8').trim().split('\n').map(Number)

it('puts a program behind a number, follows its settings live, and brings it back after its crash', async () => {
  stack = await Stack.start({ channel: { agents: agents({}) } })
  await stack.link()
  await stack.alice.sendText(OWNER, 'one')
  await stack.alice.waitForText(`${ALICE} asks *one*`)

  const applied = stack.published('config.applied').length
  stack.writeConfig([ALICE], { agents: agents({ mode: 'stay' }) })
  await stack.until('the config', () => stack.published('config.applied').length > applied)
  await stack.alice.sendText(OWNER, 'two')
  await stack.alice.waitForText(`${ALICE} asks *two*`)
  await stack.alice.sendText(OWNER, 'three')
  await stack.alice.waitForText(`${ALICE} asks *three*`)
  // One that was run for a question, and one that stays.
  expect(pids()).toHaveLength(2)

  await stack.alice.sendText(OWNER, 'die')
  await stack.untilEvent('agent.turnFinished', ({ code }) => code === 'program_ended')
  await stack.alice.sendText(OWNER, 'four')
  await stack.alice.waitForText(`${ALICE} asks *four*`)
  const [, , last = 0] = pids()
  expect(isAlive(last)).toBe(true)
  await stack.stopDaemon()
  expect(pids().filter(isAlive)).toEqual([])
})
