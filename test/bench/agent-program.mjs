/** An assistant for the benchmark: `node agent-program.mjs acp|stay <milliseconds>` repeats each question after that time. */
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'

const [mode, ownMs] = process.argv.slice(2)
const QUESTION = /message \d+: [^\n]*\?/g

const write = (value) => process.stdout.write(`${JSON.stringify(value)}\n`)

async function answerTurn({ request, messages }) {
  await delay(Number(ownMs))
  write({ type: 'delta', request, text: messages.map(({ text }) => text).join('\n') })
  write({ type: 'done', request })
}

let sessions = 0

async function answerRequest({ id, method, params }) {
  const answer = (result) => write({ jsonrpc: '2.0', id, result })
  if (method === 'initialize') return answer({ protocolVersion: 1, agentCapabilities: {}, authMethods: [] })
  if (method === 'session/new') return answer({ sessionId: `session-${(sessions += 1)}` })
  if (method !== 'session/prompt') return
  const { sessionId, prompt } = params
  await delay(Number(ownMs))
  const asked = prompt.map((block) => block.text ?? '').join('\n')
  const text = asked.match(QUESTION)?.at(-1) ?? ''
  const update = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } }
  write({ jsonrpc: '2.0', method: 'session/update', params: { sessionId, update } })
  answer({ stopReason: 'end_turn' })
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line)
  if (mode === 'acp') void answerRequest(message)
  else if (message.type === 'turn') void answerTurn(message)
}
