import type { DetailedHTMLProps, HTMLAttributes } from 'react'
import type { WhatsappCard } from 'whatsappd/card'

type WhatsappCardProps = DetailedHTMLProps<HTMLAttributes<WhatsappCard>, WhatsappCard> &
  Partial<Pick<WhatsappCard, 'url' | 'token' | 'account' | 'hosted' | 'strings'>> & {
    'onwhatsapp-card-change'?: (event: CustomEvent) => void
    'onwhatsapp-card-unauthorized'?: (event: Event) => void
  }

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'whatsapp-card': WhatsappCardProps
    }
  }
}
