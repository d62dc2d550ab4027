import { createRoot } from 'react-dom/client'
import { fetchSandbox, fetchSandboxToken } from '../sandbox-api.ts'
import { WhatsAppInbox } from './whatsapp-inbox.tsx'

const signIn = () => location.assign('/login')
const { url } = await fetchSandbox()
const root = document.createElement('main')
document.body.append(root)
createRoot(root).render(<WhatsAppInbox url={url} token={fetchSandboxToken} onSignedOut={signIn} />)
