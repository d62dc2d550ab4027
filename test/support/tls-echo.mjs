// A WebSocket server over TLS in a process of its own that answers each message at once; prints its port.
import { createServer } from 'node:https'
import { generate } from 'selfsigned'
import { WebSocketServer } from 'ws'

const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }])
const server = createServer({ key, cert })
new WebSocketServer({ server }).on('connection', (client) => {
  client.on('message', (data) => client.send(data))
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
