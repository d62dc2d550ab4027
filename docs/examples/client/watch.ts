import { RequestError, WhatsappdClient } from 'whatsappd/client'
import { WebSocket } from 'ws' // Node 20 has none of its own; browsers and Node 22 need no such option

const [url = '', token = '', newNumber = ''] = process.argv.slice(2)
const client = new WhatsappdClient({ url, token: () => token, WebSocket })

client.on('state', ({ state, error }) => console.log('connection:', state, error?.code ?? ''))
client.on('snapshot', ({ snapshot }) => {
  for (const { account, state } of snapshot.accounts) console.log(`${account}: ${state}`)
})
client.on('account.status', ({ account, state, reason }, { replayed }) => {
  if (!replayed) console.log(`${account}: ${state}`, reason?.action ?? '')
})
await client.connect()

try {
  if (client.can('config.addAllowFrom')) {
    const { allowFrom } = await client.request('config.addAllowFrom', { allowFrom: [newNumber] })
    console.log(`${allowFrom.length} numbers may write`)
  }
} catch (error) {
  if (!(error instanceof RequestError)) throw error
  console.log(`refused: ${error.code}. ${error.message} ${error.action ?? ''}`)
}
client.close()
