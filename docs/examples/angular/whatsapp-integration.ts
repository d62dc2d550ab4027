import { Component, CUSTOM_ELEMENTS_SCHEMA, input, output } from '@angular/core'
import 'whatsappd/card'

@Component({
  selector: 'whatsapp-integration',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `<whatsapp-card
    hosted
    [url]="url()"
    [token]="token()"
    (whatsapp-card-unauthorized)="signedOut.emit()"
  />`,
})
export class WhatsAppIntegration {
  readonly url = input.required<string>()
  /** The same function always: a different one opens a new connection. */
  readonly token = input.required<() => Promise<string>>()
  readonly signedOut = output()
}
