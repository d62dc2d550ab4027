'use client'
import { useState } from 'react'
import { fetchSandboxToken } from '../../sandbox-api.ts'
import { WhatsAppIntegration } from './whatsapp-integration.tsx'

const signIn = () => location.assign('/login')

export function Integrations({ url }: { url: string }) {
  const [isShown, setShown] = useState(true)
  return (
    <>
      <button onClick={() => setShown(!isShown)}>WhatsApp</button>
      {isShown && <WhatsAppIntegration url={url} token={fetchSandboxToken} onSignedOut={signIn} />}
    </>
  )
}
