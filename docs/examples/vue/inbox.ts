import { createApp } from 'vue'
import { fetchSandbox, fetchSandboxToken } from '../sandbox-api.ts'
import WhatsAppInbox from './WhatsAppInbox.vue'

const { url } = await fetchSandbox()
const root = document.createElement('main')
document.body.append(root)
createApp(WhatsAppInbox, {
  url,
  token: fetchSandboxToken,
  onSignedOut: () => location.assign('/login'),
}).mount(root)
