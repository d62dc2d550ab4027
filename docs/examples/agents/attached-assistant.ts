import { readFileSync } from 'node:fs'
import { type EventPayload, WhatsappdClient } from 'whatsappd/client'
import { WebSocket } from 'ws' // Node 20 has none of its own

type Turn = EventPayload<'agent.turn'>['turn']

/** Yours: the answer, piece by piece. */
async function* think({ sender, messages }: Turn): AsyncGenerator<string> {
  yield `Hello **${sender.name ?? 'you'}**, `
  yield `you said: ${messages.map(({ text }) => text).join('\n')}`
}

const [url = 'ws://127.0.0.1:8765/v1/ws', tokenFile = '', agent = 'ada'] = process.argv.slice(2)
// Read anew for each connection: the file may hold another one by then.
const token = (): string => readFileSync(tokenFile, 'utf8').trim()
const client = new WhatsappdClient({ url, token, WebSocket, topics: ['agent'] })
/** Turns that are worked at. Nobody reads the answer to one that is not here any more. */
const open = new Set<string>()

async function answer(turn: Turn): Promise<void> {
  open.add(turn.id)
  try {
    for await (const text of think(turn)) {
      if (!open.has(turn.id)) return
      await client.request('agent.delta', { turn: turn.id, text })
    }
    await client.request('agent.done', { turn: turn.id })
  } catch (error) {
    // The turn comes again where the connection is lost; refused answers are of no use.
    console.error('not answered:', error instanceof Error ? error.message : error)
    await client.request('agent.fail', { turn: turn.id }).catch(() => {})
  } finally {
    open.delete(turn.id)
  }
}

client.on('agent.turn', ({ turn }) => void answer(turn))
client.on('agent.cancel', ({ turn }) => open.delete(turn))
client.on('agent.detached', ({ reason }) => {
  console.log('detached:', reason)
  // Two that attach again and again would take the turns from each other.
  if (reason === 'replaced') client.close()
})
client.on('state', ({ state, error }) => {
  if (state !== 'ready') open.clear()
  console.log('connection:', state, error?.code ?? '')
})
// After each connection, the first one included; the client connects again by itself.
client.on('snapshot', () => {
  client.request('agent.attach', { agent }).then(
    ({ accounts }) => console.log('attached:', agent, accounts.join(' ')),
    (error: Error) => console.error('not attached:', error.message),
  )
})
await client.connect()
