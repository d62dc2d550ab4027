import type { PendingLinks } from '../linking/pending-links.ts'
import type { Directory } from './directory.ts'
import type { Environment } from './environment.ts'
import type { MediaServer } from './media/media-server.ts'
import type { MessageRouter } from './message-router.ts'
import type { PrivacyTokens } from './privacy-tokens.ts'
import type { UnkeyedDevices } from './unkeyed-devices.ts'

/** The simulated WhatsApp as its phones and its clients' sessions see it. */
export interface Network extends Environment {
  readonly directory: Directory
  readonly linking: PendingLinks
  readonly media: MediaServer
  readonly router: MessageRouter
  readonly privacyTokens: PrivacyTokens
  /** `undefined` where every device has keys. */
  readonly unkeyedDevices: UnkeyedDevices | undefined
}
