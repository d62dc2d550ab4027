/**
 * An agent of the Agent Client Protocol for tests, which writes its JSON-RPC by hand: `node scripted-acp-agent.mjs '<script>'`, JSON:
 * `record` a file that gets one line for each thing that happens; `abilities`, `version` and `logins` for the answer to `initialize`;
 * `does` what it does with a prompt, or one such for each prompt in turn; `start` what it does instead of answering `initialize`;
 * `tells` fields of the answer to each prompt in turn; `noise` a line that it writes first; `kept` ids of sessions that it can take up again.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { setImmediate as soon, setTimeout as delay } from 'node:timers/promises'

const script = JSON.parse(process.argv[2] ?? '{}')
const { record, abilities = {}, version = 1, logins = [], start, noise, kept = [], options } = script
const does = [script.does ?? 'answers'].flat()
const cancelled = new Map()
const waiting = new Map()
let sessions = 0
let requests = 0

function note(what) {
  if (record !== undefined) appendFileSync(record, `${JSON.stringify(what)}\n`)
}

function write(text) {
  return new Promise((resolve) => {
    if (process.stdout.write(text)) resolve()
    else process.stdout.once('drain', resolve)
  })
}

const send = (message) => write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
const update = (sessionId, sessionUpdate, fields) =>
  send({ method: 'session/update', params: { sessionId, update: { sessionUpdate, ...fields } } })
const say = (session, text, fields = {}) =>
  update(session, 'agent_message_chunk', { content: { type: 'text', text }, ...fields })

function request(method, params) {
  const id = `r${(requests += 1)}`
  void send({ id, method, params })
  return new Promise((resolve) => waiting.set(id, resolve))
}

const TOOL_CALL = {
  toolCallId: 'call-1',
  title: 'Delete the notes',
  kind: 'delete',
  locations: [{ path: '/home/ann/notes.txt' }],
  rawInput: { path: '/home/ann/notes.txt' },
}
const OPTIONS = ['allow_always', 'allow_once', 'reject_once', 'reject_always'].map((kind) => ({
  optionId: `id-${kind}`,
  name: kind,
  kind,
}))

/** What is done with a prompt: each answers the reason for which it stops. */
const BEHAVIOURS = {
  async answers({ session, question }) {
    await say(session, 'You said: ')
    await say(session, question)
    return 'end_turn'
  },
  async remembers({ session, memory }) {
    await say(session, `So far: ${memory.join(' | ')}`)
    return 'end_turn'
  },
  async talks({ session, isOver }) {
    while (!isOver()) {
      await say(session, 'word ')
      await delay(20)
    }
    return 'cancelled'
  },
  async hangs({ over }) {
    await over
    return 'cancelled'
  },
  /** Also after it was cancelled. */
  hangsForEver: () => new Promise(() => {}),
  refuses({ question }) {
    throw { code: -32603, message: `no: ${question}`, data: { key: process.env.AGENT_KEY, question } }
  },
  async breaks({ session }) {
    await say(session, 'I was about to ')
    process.exit(3)
  },
  async dies() {
    process.exit(3)
  },
  async floods({ session, isOver }) {
    const text = 'flood '.repeat(1_000)
    while (!isOver()) {
      await say(session, text)
      await soon()
    }
    return 'cancelled'
  },
  async babbles({ isOver }) {
    while (!isOver()) {
      await write('no message at all, '.repeat(1_000))
      await soon()
    }
    return 'cancelled'
  },
  async isSilent() {
    return 'end_turn'
  },
  /** The content blocks of the file `script.blocks`, as its answer. */
  async shows({ session }) {
    for (const content of JSON.parse(readFileSync(script.blocks, 'utf8')))
      await update(session, 'agent_message_chunk', { content })
    return 'end_turn'
  },
  /** Everything that is not for the person, around two messages that are. */
  async thinks({ session }) {
    await update(session, 'agent_thought_chunk', { content: { type: 'text', text: 'THOUGHT' } })
    await update(session, 'plan', { entries: [{ content: 'PLAN', priority: 'high', status: 'pending' }] })
    await say(session, '')
    await say(session, 'Let me look.')
    await update(session, 'tool_call', { toolCallId: 'c', title: 'TOOL', kind: 'read', status: 'pending' })
    await update(session, 'tool_call_update', { toolCallId: 'c', status: 'completed', content: [] })
    await update(session, 'from_the_future', { words: 'UNKNOWN' })
    await say(session, 'It is ', { messageId: 'm2' })
    await say(session, 'there.', { messageId: 'm2' })
    await update(session, 'agent_message_chunk', {
      content: { type: 'image', data: 'AA==', mimeType: 'image/png' },
    })
    await update('of-somebody-else', 'agent_message_chunk', { content: { type: 'text', text: 'FOREIGN' } })
    await say(session, '', { _meta: { usage: { totalTokens: 3 } } })
    await update(session, 'usage_update', { used: 1, size: 2 })
    return 'end_turn'
  },
  async asks({ session }) {
    await update(session, 'tool_call', { ...TOOL_CALL, status: 'pending' })
    const { result } = await request('session/request_permission', {
      sessionId: session,
      toolCall: { toolCallId: 'call-1', ...script.toolCall },
      options: options ?? OPTIONS,
    })
    note({ outcome: result?.outcome })
    await say(session, `outcome ${result?.outcome?.optionId ?? result?.outcome?.outcome}`)
    return result?.outcome?.outcome === 'cancelled' ? 'cancelled' : 'end_turn'
  },
  /** Without a word about the tool call before, and ends when it is answered. */
  async asksAndDies({ session }) {
    const options = OPTIONS
    await request('session/request_permission', { sessionId: session, toolCall: TOOL_CALL, options })
    process.exit(3)
  },
  async readsFiles({ session }) {
    const answer = await request('fs/read_text_file', { sessionId: session, path: '/etc/passwd' })
    await say(session, `error ${answer.error?.code}`)
    return 'end_turn'
  },
  async stops({ session }) {
    if (script.text !== undefined) await say(session, script.text)
    return script.reason
  },
  async forgets() {
    throw { code: -32002, message: 'no such session' }
  },
  async wantsLogin() {
    throw { code: -32000, message: 'log in' }
  },
}

/** How many prompts there were before this one, also in earlier runs that kept the same record. */
function countAsked() {
  const lines = readFileSync(record, 'utf8').split('\n')
  return lines.filter((line) => line.includes('"session/prompt"')).length - 1
}

/** What was said in each session, over its ends. */
const memories = new Map()
const memoryFile = script.memory
if (memoryFile !== undefined && existsSync(memoryFile))
  for (const [id, said] of JSON.parse(readFileSync(memoryFile, 'utf8'))) memories.set(id, said)

function keepMemories() {
  if (memoryFile !== undefined) writeFileSync(memoryFile, JSON.stringify([...memories]))
}

const METHODS = {
  initialize: () => ({
    protocolVersion: version,
    agentInfo: { name: 'scripted', version: '1' },
    agentCapabilities: abilities,
    authMethods: logins.map((name) => ({ id: name, name })),
  }),
  'session/new': () => {
    if (script.locked)
      throw { code: -32000, message: 'Authentication required', data: { key: process.env.AGENT_KEY } }
    const sessionId = `s${process.pid}-${(sessions += 1)}`
    memories.set(sessionId, [])
    return { sessionId, models: {}, _meta: {}, ...configOptions(sessionId) }
  },
  'session/load': async ({ sessionId }) => {
    if (script.neverLoads) return new Promise(() => {})
    const memory = memoryOf(sessionId)
    for (const said of memory) await say(sessionId, `REPLAYED ${said}`)
    return configOptions(sessionId)
  },
  'session/resume': ({ sessionId }) => {
    if (script.cannotResume) throw { code: -32601, message: 'unknown method' }
    memoryOf(sessionId)
    return configOptions(sessionId)
  },
  'session/close': () => ({}),
  'session/set_mode': () => {
    if (script.keepsMode) throw { code: -32603, message: 'no' }
    return {}
  },
  'session/set_config_option': ({ sessionId, value }) => {
    chosen.set(sessionId, value)
    return configOptions(sessionId)
  },
  'session/prompt': async ({ sessionId, prompt }) => {
    const memory = memories.get(sessionId)
    if (memory === undefined) throw { code: -32002, message: 'no such session' }
    const text = prompt.find(({ type }) => type === 'text')?.text ?? ''
    const question = text.slice(text.lastIndexOf('[/turn ')).replace(/^[^\n]*\n+/, '')
    memory.push(question)
    keepMemories()
    const over = new Promise((resolve) => cancelled.set(sessionId, resolve))
    let isOver = false
    void over.then(() => (isOver = true))
    const asked = countAsked()
    const behaviour = does[Math.min(asked, does.length - 1)]
    return {
      ...script.tells?.[asked],
      stopReason: await BEHAVIOURS[behaviour]({
        session: sessionId,
        question,
        memory,
        over,
        isOver: () => isOver,
      }),
    }
  },
}

const chosen = new Map()
function configOptions(session) {
  const modes = script.modes === undefined ? {} : { modes: script.modes }
  if (script.models === undefined) return modes
  const values = script.models.map((name) => ({ value: `id-${name}`, name }))
  const currentValue = chosen.get(session) ?? values[0].value
  const model = { id: 'llm', category: 'model', type: 'select', name: 'Model', currentValue, options: values }
  return { ...modes, configOptions: [model] }
}

function memoryOf(session) {
  const memory = memories.get(session)
  if (memory === undefined && !kept.includes(session)) throw { code: -32002, message: 'no such session' }
  return memory ?? []
}

async function handle(message) {
  note(message)
  const { id, method, params } = message
  if (method === undefined) return waiting.get(id)?.(message)
  if (method === 'session/cancel') {
    note({ released: params.sessionId })
    return cancelled.get(params.sessionId)?.()
  }
  if (id === undefined) return
  if (method === 'initialize' && start === 'hangs') return
  if (method === 'initialize' && start === 'ends') process.exit(7)
  if (method === 'initialize' && start === 'isSlow') await delay(700)
  try {
    const call = METHODS[method]
    if (call === undefined) throw { code: -32601, message: 'unknown method' }
    await send({ id, result: await call(params) })
  } catch (error) {
    await send({ id, error: { code: -32603, message: 'error', ...error } })
  }
}

process.stdout.on('error', () => process.exit(0))
process.on('SIGTERM', () => {
  note({ released: 'all' })
  process.exit(0)
})
note({ pid: process.pid, environment: Object.keys(process.env).sort(), directory: process.cwd() })
if (noise !== undefined) await write(`${noise}\n`)
process.stderr.write('SECRET WORDS ON STDERR\n')
let rest = ''
process.stdin.setEncoding('utf8')
process.stdin.on('data', (chunk) => {
  rest += chunk
  const lines = rest.split('\n')
  rest = lines.pop() ?? ''
  for (const line of lines) if (line !== '') void handle(JSON.parse(line))
})
process.stdin.on('end', () => {
  note({ released: 'all' })
  process.exit(0)
})
