'use client'
import { useEffect, useRef } from 'react'
import type { CardToken, WhatsappCard } from 'whatsappd/card'

interface Props {
  url: string
  /** The same function at every render: a different one opens a new connection. */
  token: CardToken
  onSignedOut: () => void
}

export function WhatsAppIntegration({ url, token, onSignedOut }: Props) {
  const ref = useRef<WhatsappCard>(null)
  useEffect(() => {
    const card = ref.current
    if (card === null) return
    void import('whatsappd/card')
    // By hand: what the server rendered has neither, and hydration adds no property and no listener to a custom element.
    card.token = token
    card.addEventListener('whatsapp-card-unauthorized', onSignedOut)
    return () => card.removeEventListener('whatsapp-card-unauthorized', onSignedOut)
  }, [token, onSignedOut])
  return <whatsapp-card ref={ref} hosted url={url} />
}
