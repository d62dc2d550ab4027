import type { Simulator } from '../../src/simulator/simulator.ts'

/** The file of the quick start in Milady's guide `docs/guides/whatsapp.md` (March 2026), unchanged. */
const QUICK_START = `{
  "connectors": {
    "whatsapp": {
      "accounts": {
        "default": {
          "enabled": true,
          "authDir": "./auth/whatsapp"
        }
      },
      "dmPolicy": "pairing",
      "sendReadReceipts": true,
      "selfChatMode": false
    }
  }
}`

/** That file, with where the simulated WhatsApp is behind it. */
export function miladyQuickStart({
  webSocketUrl,
  noiseRootKey,
}: Pick<Simulator, 'webSocketUrl' | 'noiseRootKey'>): string {
  const whatsappd = JSON.stringify({ whatsapp: { webSocketUrl, noiseRootKey } })
  return QUICK_START.replace(/\}$/, `,\n  "whatsappd": ${whatsappd}\n}`)
}
