import type { DetailedHTMLProps, HTMLAttributes } from 'react'
import type { WhatsappConversations } from 'whatsappd/conversations'

type WhatsappConversationsProps = DetailedHTMLProps<
  HTMLAttributes<WhatsappConversations>,
  WhatsappConversations
> &
  Partial<
    Pick<WhatsappConversations, 'url' | 'token' | 'account' | 'conversation' | 'hosted' | 'strings'>
  > & {
    'onwhatsapp-conversations-open'?: (
      event: CustomEvent<{ account: string | null; conversationId: string | null }>,
    ) => void
    'onwhatsapp-conversations-unauthorized'?: (event: Event) => void
  }

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'whatsapp-conversations': WhatsappConversationsProps
    }
  }
}
