import { WhatsappdClient } from 'whatsappd/client'
import { WebSocket } from 'ws' // Node 20 has none of its own

const [origin = 'http://127.0.0.1:8765', token = ''] = process.argv.slice(2)

/** One call of the simulated phones. */
async function simulator<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${origin}/v1/simulator${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return (response.status === 204 ? undefined : await response.json()) as Answer
}

const [owner, guest] = ['+15555550170', '+15555550171']
for (const [phoneNumber, name] of [
  [owner, 'Owner'],
  [guest, 'Guest'],
] as const)
  await simulator('POST', '/phones', { phoneNumber, name })

// What your integration does: let somebody write, link, wait for the phone.
const client = new WhatsappdClient({ url: `${origin.replace('http', 'ws')}/v1/ws`, token, WebSocket })
const connected = new Promise<void>((resolve) => {
  client.on('account.status', ({ state }) => {
    if (state === 'connected') resolve()
  })
})
await client.connect({ timeoutMs: 10_000 })
await client.request('config.addAllowFrom', { allowFrom: [guest] })
const offer = await client.request('accounts.link', { method: 'qr' })

// What a person does with the phone.
if (offer.method === 'qr') await simulator('POST', `/phones/${owner}/scan`, { qr: offer.qr })
await connected
await simulator('POST', `/phones/${guest}/messages`, { to: owner, text: 'Hello?' })
const { messages } = await simulator<{ messages: { text: string }[] }>(
  'GET',
  `/phones/${guest}/messages?with=${encodeURIComponent(owner)}&waitSeconds=20`,
)
console.log('answered:', messages[0]?.text)

// What goes wrong in real life: the connection breaks, and comes back by itself.
await simulator('POST', '/faults', { kind: 'drop', account: owner })
client.close()
