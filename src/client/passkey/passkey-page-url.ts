import { type PasskeyOptions, RELYING_PARTY, WHATSAPP_WEB } from './passkey-script.ts'

/** Version of what the fragment carries; the extension reads no other. */
const VERSION = 1

/**
 * WhatsApp Web, with what the browser extension signs in the fragment, which no browser sends to a server. Without the
 * extension it is WhatsApp Web as always. `daemon`: for whom the person signs, such as the host of the daemon's address;
 * the extension shows it. `expiresAt`: ISO 8601. Throws when the options are not for WhatsApp.
 */
export function passkeyPageUrl(o: { options: PasskeyOptions; daemon: string; expiresAt: string }): string {
  if (o.options['rpId'] !== RELYING_PARTY) throw new Error('these options are not for a passkey of WhatsApp')
  const text = JSON.stringify({ v: VERSION, options: o.options, daemon: o.daemon, expiresAt: o.expiresAt })
  const bytes = String.fromCharCode(...new TextEncoder().encode(text))
  const encoded = btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  return `${WHATSAPP_WEB}/#whatsappd=${encoded}`
}
