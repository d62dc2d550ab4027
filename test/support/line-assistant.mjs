import { createInterface } from 'node:readline'

const write = (value) => process.stdout.write(`${JSON.stringify(value)}\n`)

/** One question of the connector `command`, and its answer. */
async function answerTurn(turn, isStaying, answerOf) {
  const { request, messages } = turn
  const id = isStaying ? { request } : {}
  const question = messages.map(({ text, written }) => written ?? text).join('\n')
  for await (const piece of answerOf(question, turn))
    write(typeof piece === 'string' ? { type: 'delta', ...id, text: piece } : { ...piece, ...id })
  write({ type: 'done', ...id })
}

let sessions = 0

async function answerRequest({ id, method, params }, answerOf) {
  const answer = (result) => write({ jsonrpc: '2.0', id, result })
  if (method === 'initialize') return answer({ protocolVersion: 1, agentCapabilities: {}, authMethods: [] })
  if (method === 'session/new') return answer({ sessionId: `session-${(sessions += 1)}` })
  if (method !== 'session/prompt') return
  const { sessionId, prompt } = params
  for await (const text of answerOf(prompt.map((block) => block.text ?? '').join('\n'))) {
    const update = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } }
    write({ jsonrpc: '2.0', method: 'session/update', params: { sessionId, update } })
  }
  answer({ stopReason: 'end_turn' })
}

/**
 * Answers the lines on its input, as a program of the connector `acp` (mode `acp`) or `command` (`stay`, `turn`). `answerOf` is given
 * the question, with all that is told about it, and for `command` the turn; it yields the answer piece by piece: text, or a step that
 * is more than text.
 */
export async function assist(mode, answerOf) {
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line)
    if (mode === 'acp') void answerRequest(message, answerOf)
    else if (message.type === 'turn') void answerTurn(message, mode === 'stay', answerOf)
  }
}
