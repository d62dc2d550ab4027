import type { DetailedHTMLProps, HTMLAttributes } from 'react'
import type { BusinessSignup, WhatsappCard } from 'whatsappd/card'

type WhatsappCardProps = DetailedHTMLProps<HTMLAttributes<WhatsappCard>, WhatsappCard> &
  Partial<Pick<WhatsappCard, 'url' | 'token' | 'account' | 'hosted' | 'businessSignup' | 'strings'>> & {
    'onwhatsapp-card-change'?: (event: CustomEvent) => void
    'onwhatsapp-card-unauthorized'?: (event: Event) => void
    'onwhatsapp-business-signup'?: (event: CustomEvent<BusinessSignup>) => void
  }

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'whatsapp-card': WhatsappCardProps
    }
  }
}
