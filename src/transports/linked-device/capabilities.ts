import type { Capabilities } from '../../messaging/capabilities.ts'

const MB = 1_000_000
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** What a linked device of a phone can do, as far as it is built. */
export const LINKED_DEVICE_CAPABILITIES: Capabilities = {
  remoteIds: 'local',
  resend: true,
  failsLater: false,
  reactions: true,
  // Within 15 minutes, and within 60 hours, which is "about 2 days" in WhatsApp's own help.
  revisions: { editWithinMs: 15 * MINUTE_MS, revokeWithinMs: 60 * HOUR_MS },
  receipts: true,
  typing: true,
  typingMarksRead: false,
  groups: true,
  selfChat: true,
  isCharged: false,
  templates: false,
  // WhatsApp's apps do not show buttons and lists of linked devices reliably.
  choices: null,
  polls: true,
  asksForNumber: false,
  // WhatsApp's own limit is 65,536.
  textLimit: 60_000,
  // What WhatsApp's own apps send at most, but for documents: those may have 2 GB.
  media: {
    image: { maxBytes: 16 * MB },
    video: { maxBytes: 64 * MB },
    audio: { maxBytes: 16 * MB },
    voice: { maxBytes: 16 * MB },
    document: { maxBytes: 2_000 * MB },
    sticker: { maxBytes: MB },
  },
  // WhatsApp shows it for 10 to 25 s.
  typingRenewMs: 8_000,
  pacedByServer: false,
  window: null,
  linking: ['qr', 'code'],
}
