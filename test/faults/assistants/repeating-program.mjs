/**
 * An assistant for fault rounds that repeats what it is told: `node repeating-program.mjs acp|stay|turn <anything>`. What comes last
 * names whose it is, for those who look for the process.
 */
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { repeated } from './repeated.mjs'

/** A kill falls into the middle of an answer now and then. */
const PIECE_MS = 15

const write = (value) => process.stdout.write(`${JSON.stringify(value)}\n`)
const questionOf = ({ messages }) => messages.map(({ text, written }) => written ?? text).join('\n')

async function* pieces(text) {
  for (const piece of text.split(/(?<= )/)) {
    await delay(PIECE_MS)
    yield piece
  }
}

/** One question of `command`, and its answer. */
async function answerTurn(turn, isStaying) {
  const id = isStaying ? { request: turn.request } : {}
  for await (const text of pieces(repeated(questionOf(turn)))) write({ type: 'delta', ...id, text })
  write({ type: 'done', ...id })
}

let sessions = 0

async function answerRequest({ id, method, params }) {
  const answer = (result) => write({ jsonrpc: '2.0', id, result })
  if (method === 'initialize') return answer({ protocolVersion: 1, agentCapabilities: {}, authMethods: [] })
  if (method === 'session/new') return answer({ sessionId: `session-${(sessions += 1)}` })
  if (method !== 'session/prompt') return
  const { sessionId, prompt } = params
  for await (const text of pieces(repeated(prompt.map((block) => block.text ?? '').join('\n')))) {
    const update = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } }
    write({ jsonrpc: '2.0', method: 'session/update', params: { sessionId, update } })
  }
  answer({ stopReason: 'end_turn' })
}

const [mode] = process.argv.slice(2)
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line)
  if (mode === 'acp') void answerRequest(message)
  else if (message.type === 'turn') void answerTurn(message, mode === 'stay')
}
