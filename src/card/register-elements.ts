import { ConfirmButton } from './elements/confirm-button.ts'
import { LinkCodeView } from './elements/link-code-view.ts'
import { NumberForm } from './elements/number-form.ts'
import { NumbersDialog } from './elements/numbers-dialog.ts'
import { QrView } from './elements/qr-view.ts'
import { WhatsappCard } from './whatsapp-card.ts'

const ELEMENTS: Record<string, CustomElementConstructor> = {
  'whatsapp-card-confirm': ConfirmButton,
  'whatsapp-card-code': LinkCodeView,
  'whatsapp-card-number-form': NumberForm,
  'whatsapp-card-numbers-dialog': NumbersDialog,
  'whatsapp-card-qr': QrView,
  'whatsapp-card': WhatsappCard,
}

/** Makes `<whatsapp-card>` and its parts known to the page. Calling it twice, or with two bundles, is harmless. */
export function registerElements(): void {
  for (const [name, element] of Object.entries(ELEMENTS)) {
    if (customElements.get(name) === undefined) customElements.define(name, element)
  }
}
