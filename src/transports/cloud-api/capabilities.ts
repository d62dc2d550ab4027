import type { Capabilities } from '../../messaging/capabilities.ts'

const MB = 1_000_000
const HOUR_MS = 3_600_000
const SOUNDS = ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg']

/** What a Business number can do over the Cloud API (Meta, "Messages" and "Media", 2026). */
export const CLOUD_API_CAPABILITIES: Capabilities = {
  remoteIds: 'server',
  resend: false,
  failsLater: true,
  reactions: true,
  revisions: null,
  receipts: true,
  typing: true,
  typingMarksRead: true,
  // It lasts 25 s.
  typingRenewMs: 20_000,
  groups: false,
  selfChat: false,
  isCharged: true,
  templates: true,
  choices: { buttons: 3, rows: 10 },
  polls: false,
  asksForNumber: true,
  textLimit: 4_096,
  pacedByServer: true,
  media: {
    image: { maxBytes: 5 * MB, mimeTypes: ['image/jpeg', 'image/png'] },
    video: { maxBytes: 16 * MB, mimeTypes: ['video/mp4', 'video/3gpp'] },
    audio: { maxBytes: 16 * MB, mimeTypes: SOUNDS },
    voice: { maxBytes: 16 * MB, mimeTypes: ['audio/ogg'] },
    document: { maxBytes: 100 * MB },
    // Of one that moves; one that does not has a fifth of it.
    sticker: { maxBytes: MB / 2, mimeTypes: ['image/webp'] },
  },
  window: 24 * HOUR_MS,
  linking: ['token'],
}
