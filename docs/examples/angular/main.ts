import { Component, provideZonelessChangeDetection, signal } from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'
import { fetchSandbox, fetchSandboxToken } from '../sandbox-api.ts'
import { WhatsAppIntegration } from './whatsapp-integration.ts'

const { url } = await fetchSandbox()

@Component({
  selector: 'main',
  imports: [WhatsAppIntegration],
  template: `<button (click)="isShown.set(!isShown())">WhatsApp</button>
    @if (isShown()) {
      <whatsapp-integration [url]="url" [token]="token" (signedOut)="signIn()" />
    }`,
})
class Integrations {
  readonly isShown = signal(true)
  readonly url = url
  readonly token = fetchSandboxToken
  readonly signIn = () => location.assign('/login')
}

document.body.append(document.createElement('main'))
await bootstrapApplication(Integrations, { providers: [provideZonelessChangeDetection()] })
