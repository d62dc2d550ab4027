'use client'
import { useEffect, useState } from 'react'
import type { CardToken } from 'whatsappd/conversations'

interface Props {
  url: string
  /** The same function at every render: a different one opens a new connection. */
  token: CardToken
  onSignedOut: () => void
}

export function WhatsAppInbox({ url, token, onSignedOut }: Props) {
  const [isLoaded, setLoaded] = useState(false)
  useEffect(() => {
    // In an effect: a server renders nothing of it, and the view is loaded when it is needed.
    void import('whatsappd/conversations').then(() => setLoaded(true))
  }, [])
  if (!isLoaded) return null
  return (
    <whatsapp-conversations
      hosted
      url={url}
      token={token}
      onwhatsapp-conversations-unauthorized={onSignedOut}
    />
  )
}
