// A program as the connector "command" runs it. Arguments: how it speaks (text, jsonl, stay), how it behaves, and a directory where it
// notes the questions that are open: one file each, until it is answered or cancelled. What it says of the question has its own words.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

const [, , speaks, behaviour, directory] = process.argv
const notes = join(directory, behaviour.replaceAll(' ', '-'))
mkdirSync(notes, { recursive: true })
const cancelled = new Set()

/** Resolves when it may be written on. */
const write = (text) =>
  process.stdout.write(text)
    ? Promise.resolve()
    : new Promise((resolve) => process.stdout.once('drain', resolve))
const line = (value) => write(`${JSON.stringify(value)}\n`)

function voice(request) {
  const of = request === undefined ? {} : { request }
  if (speaks === 'text') return { say: write, end: async () => process.exit(0) }
  return {
    say: (text) => line({ type: 'delta', text, ...of }),
    end: () => line({ type: 'done', ...of }),
    fail: (message) => line({ type: 'fail', message, ...of }),
  }
}

const behaviours = {
  async answers(question, { say, end }) {
    for (const part of `You said: ${question}`.match(/.{1,4}/gsu)) await say(part)
    await end()
  },
  async talks(_question, { say }, isOver) {
    for (let word = 1; !isOver(); word += 1) {
      await say(`${word} `)
      await pause(20)
    }
  },
  async hangs() {
    await new Promise(() => setInterval(() => {}, 1_000))
  },
  async refuses(question, { fail }) {
    const words = `${process.env.PROGRAM_KEY} does not like ${question}`
    if (fail !== undefined) return fail(words)
    console.error(words)
    process.exit(3)
  },
  async breaks(_question, { say }) {
    await say('half of an ans')
    await pause(20)
    process.kill(process.pid, 'SIGKILL')
  },
  async floods(_question, { say }, isOver) {
    while (!isOver()) await say('and so on '.repeat(100))
  },
  'never ends': (question, voice, isOver) => behaviours.floods(question, voice, isOver),
  async babbles() {
    const bytes = speaks === 'text' ? Buffer.from([0xff, 0xfe]) : 'x'.repeat(65_536)
    for (;;) await write(bytes)
  },
  async 'says nothing'(_question, { end }) {
    await end()
  },
  async 'comes back'(question, voice) {
    const marker = join(directory, `${speaks}.once`)
    if (existsSync(marker)) return behaviours.answers(question, voice)
    writeFileSync(marker, '')
    await voice.say('half of an ans')
    process.exit(1)
  },
  async 'starts slowly'(question, voice) {
    return behaviours.answers(question, voice)
  },
}

if (behaviour === 'starts slowly') await pause(1_500)
for await (const text of createInterface({ input: process.stdin })) {
  const { type, request, messages } = JSON.parse(text)
  if (type === 'cancel') {
    cancelled.add(request)
    rmSync(join(notes, `${process.pid}-${request}`), { force: true })
    continue
  }
  const note = join(notes, `${process.pid}-${request}`)
  writeFileSync(note, '')
  const question = messages.at(-1).text
  void behaviours[behaviour](question, voice(request), () => cancelled.has(request)).then(() => {
    rmSync(note, { force: true })
  })
}
