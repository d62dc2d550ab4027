import type { Capabilities } from '../../messaging/capabilities.ts'

/** What a linked device of a phone can do, as far as it is built. */
export const LINKED_DEVICE_CAPABILITIES: Capabilities = {
  remoteIds: 'local',
  resend: true,
  failsLater: false,
  reactions: true,
  edits: false,
  receipts: true,
  typing: true,
  groups: true,
  media: {},
  window: null,
  linking: ['qr', 'code'],
}
