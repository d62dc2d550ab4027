import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the assistant was told of the first message of a turn. */
export interface Told {
  text: string
  details: object[]
  /** What it came with: the hash of each file that the assistant can read, or why it cannot. */
  files: string[]
  quoted: { from: string; text: string | null; files: string[] } | null
  /** The last of what was said before. */
  before: string[]
}

/** Answers "send: <an array of steps>" with these; everything else with what it was told (`Told`), as JSON. */
const PROGRAM = `
const { readFileSync } = require('node:fs')
const { createHash } = require('node:crypto')
const hashOf = ({ path, problem }) => path ? createHash('sha256').update(readFileSync(path)).digest('hex') : String(problem)
const say = (step) => console.log(JSON.stringify(step))
let input = ''
process.stdin.on('data', (chunk) => { input += chunk }).on('end', () => {
  const { messages, history } = JSON.parse(input)
  const [{ text, details = [], attachments, quoted }] = messages
  const step = text.split('send: ')[1]
  const told = {
    text,
    details,
    files: attachments.map(hashOf),
    quoted: quoted && { from: quoted.from, text: quoted.text, files: (quoted.attachments ?? []).map(hashOf) },
    before: history.slice(-4).map((each) => each.text.slice(0, 40)),
  }
  for (const each of step ? JSON.parse(step) : [{ type: 'delta', text: JSON.stringify(told) }]) say(each)
  say({ type: 'done' })
})
`

/** Settings of an account whose assistant is such a program, which lies in `directory`. */
export function mirrorAgent(directory: string): Record<string, unknown> {
  const program = join(directory, 'mirror.cjs')
  writeFileSync(program, `#!${process.execPath}\n${PROGRAM}`)
  chmodSync(program, 0o755)
  const mirror = { connector: 'command', program, output: 'jsonl', textFormat: 'plain' }
  return { agents: { mirror }, defaultAgent: 'mirror' }
}
