'use client'
import { useEffect, useState } from 'react'
import type { CardToken } from 'whatsappd/card'

interface Props {
  url: string
  /** The same function at every render: a different one opens a new connection. */
  token: CardToken
  onSignedOut: () => void
}

export function WhatsAppIntegration({ url, token, onSignedOut }: Props) {
  const [isLoaded, setLoaded] = useState(false)
  useEffect(() => {
    // In an effect: a server renders nothing of it, and the card is loaded when it is needed.
    void import('whatsappd/card').then(() => setLoaded(true))
  }, [])
  if (!isLoaded) return null
  return <whatsapp-card hosted url={url} token={token} onwhatsapp-card-unauthorized={onSignedOut} />
}
