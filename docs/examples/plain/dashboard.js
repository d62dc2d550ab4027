// The dashboard's own server says where this user's sandbox is.
const { origin } = await (await fetch('/api/sandbox')).json()
await import(`${origin}/card.js`)

const card = document.querySelector('whatsapp-card')
card.url = `${origin.replace('http', 'ws')}/v1/ws`
card.token = async () => {
  const response = await fetch('/api/sandbox/token', { method: 'POST' })
  if (!response.ok) throw new Error(`no token: ${response.status}`)
  return response.text()
}
card.addEventListener('whatsapp-card-unauthorized', () => location.assign('/login'))
card.addEventListener('whatsapp-card-change', ({ detail: { accounts } }) => {
  const linked = accounts.filter(({ state }) => state === 'connected').length
  document.title = linked > 0 ? `Integrations (${linked} connected)` : 'Integrations'
})

const main = document.querySelector('main')
document.querySelector('#toggle').addEventListener('click', () => {
  if (card.isConnected) card.remove()
  else main.append(card)
})
