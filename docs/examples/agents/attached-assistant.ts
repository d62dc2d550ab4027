import { readFileSync } from 'node:fs'
import { type EventPayload, WhatsappdClient } from 'whatsappd/client'
import { WebSocket } from 'ws' // Node 20 has none of its own

type Turn = EventPayload<'agent.turn'>['turn']

/** Yours: the answer, piece by piece: words, and files. */
async function* think({ sender, messages }: Turn): AsyncGenerator<string | ArrayBuffer> {
  yield `Hello **${sender.name ?? 'you'}**, `
  yield `you said: ${messages.map(({ text }) => text).join('\n')}`
  // Files that came with the question go back.
  for (const file of messages.flatMap(({ attachments }) => attachments)) {
    if (file.url === undefined) continue
    const headers = { authorization: `Bearer ${token()}` }
    const response = await fetch(new URL(file.url, url.replace(/^ws/, 'http')), { headers })
    if (response.ok) yield await response.arrayBuffer()
  }
}

const [url = 'ws://127.0.0.1:8765/v1/ws', tokenFile = '', agent = 'ada'] = process.argv.slice(2)
// Read anew for each connection: the file may hold another one by then.
const token = (): string => readFileSync(tokenFile, 'utf8').trim()
const client = new WhatsappdClient({ url, token, WebSocket, topics: ['agent'] })
/** Turns that are worked at. Nobody reads the answer to one that is not here any more. */
const open = new Map<string, Turn>()

/** A frame has at most 64 KiB: a file goes in pieces. */
const PIECE_LENGTH = 48_000

async function send(turn: string, piece: string | ArrayBuffer): Promise<void> {
  if (typeof piece === 'string') {
    await client.request('agent.delta', { turn, text: piece })
    return
  }
  const base64 = Buffer.from(piece).toString('base64')
  for (let at = 0; at < base64.length; at += PIECE_LENGTH) {
    const data = base64.slice(at, at + PIECE_LENGTH)
    await client.request('agent.part', { turn, part: { type: 'data', data } })
  }
  await client.request('agent.part', { turn, part: { type: 'media', kind: 'image', name: 'copy' } })
}

async function answer(turn: Turn): Promise<void> {
  // One that comes again after a lost connection has the same id: its answer begins anew.
  const isOpen = (): boolean => open.get(turn.id) === turn
  open.set(turn.id, turn)
  try {
    for await (const piece of think(turn)) {
      if (!isOpen()) return
      await send(turn.id, piece)
    }
    if (isOpen()) await client.request('agent.done', { turn: turn.id })
  } catch (error) {
    // Refused answers are of no use.
    console.error('not answered:', error instanceof Error ? error.message : error)
    if (isOpen()) await client.request('agent.fail', { turn: turn.id }).catch(() => {})
  } finally {
    if (isOpen()) open.delete(turn.id)
  }
}

let nextAttach: NodeJS.Timeout | undefined
function attachLater(): void {
  clearTimeout(nextAttach)
  nextAttach = setTimeout(attach, 30_000)
}
function attach(): void {
  client.request('agent.attach', { agent }).then(
    ({ accounts }) => console.log('attached:', agent, accounts.join(' ')),
    (error: Error) => {
      console.error('not attached:', error.message)
      // The config may name the agent later.
      if (client.state === 'ready') attachLater()
    },
  )
}

client.on('agent.turn', ({ turn }) => void answer(turn))
client.on('agent.cancel', ({ turn }) => open.delete(turn))
client.on('agent.detached', ({ reason }) => {
  console.log('detached:', reason)
  // Two that attach again and again would take the turns from each other.
  if (reason === 'replaced') client.close()
  else attachLater()
})
client.on('state', ({ state, error }) => {
  console.log('connection:', state, error?.code ?? '')
  if (state === 'ready') return
  open.clear()
  clearTimeout(nextAttach)
  // The token has expired, and the file holds no other one yet.
  if (state === 'unauthorized') setTimeout(connect, 5_000)
})
// After each connection, the first one included; the client connects again by itself.
client.on('snapshot', attach)
function connect(): void {
  // Why it fails has been said with the state.
  client.connect().catch(() => {})
}
connect()
