'use client'
import { useEffect, useState } from 'react'
import type { CardToken } from 'whatsappd/card'

interface Props {
  url: string
  /** The same function at every render: another one opens the connection anew. */
  token: CardToken
  onSignedOut: () => void
}

export function WhatsAppIntegration({ url, token, onSignedOut }: Props) {
  const [isLoaded, setLoaded] = useState(false)
  useEffect(() => {
    // In an effect, because there is no DOM on a server.
    void import('whatsappd/card').then(() => setLoaded(true))
  }, [])
  if (!isLoaded) return null
  return <whatsapp-card url={url} token={token} onwhatsapp-card-unauthorized={onSignedOut} />
}
