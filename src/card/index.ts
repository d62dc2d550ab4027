import { registerElements } from './register-elements.ts'

registerElements()

export { WhatsappCard } from './whatsapp-card.ts'
