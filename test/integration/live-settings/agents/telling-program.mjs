// A program of the connector "command" that answers each question with what it was started with. Arguments: a word, and `lines` where
// its answers are lines of JSON.
import { createInterface } from 'node:readline'

const [, , word = '', shape = 'text'] = process.argv
for await (const line of createInterface({ input: process.stdin })) {
  const { request } = JSON.parse(line)
  const text = `**${word}** colour ${process.env.COLOUR} in ${process.cwd()} process ${process.pid}`
  const of = request === undefined ? {} : { request }
  console.log(shape === 'lines' ? JSON.stringify({ type: 'done', text, ...of }) : text)
}
