import { useState } from 'react'
import { createRoot } from 'react-dom/client'
import { fetchSandbox, fetchSandboxToken } from '../sandbox-api.ts'
import { WhatsAppIntegration } from './whatsapp-integration.tsx'

const signIn = () => location.assign('/login')

function Integrations({ url }: { url: string }) {
  const [isShown, setShown] = useState(true)
  return (
    <>
      <button onClick={() => setShown(!isShown)}>WhatsApp</button>
      {isShown && <WhatsAppIntegration url={url} token={fetchSandboxToken} onSignedOut={signIn} />}
    </>
  )
}

const { url } = await fetchSandbox()
const root = document.createElement('main')
document.body.append(root)
createRoot(root).render(<Integrations url={url} />)
