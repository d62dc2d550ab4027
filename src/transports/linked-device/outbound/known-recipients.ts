import type { GroupDirectory } from '../groups/group-directory.ts'
import type { LidRefresh } from '../identity/lid-refresh.ts'
import type { LinkCaches } from '../signal/link-caches.ts'
import type { ChatTimers } from './chat-timers.ts'
import type { Uploads } from '../media/uploads.ts'
import type { DirectRoutes } from './direct-routes.ts'

/** What is remembered of those that messages go to, and of what goes to them. */
export interface KnownRecipients {
  caches: Pick<LinkCaches, 'devices' | 'keylessDevices' | 'deviceHashes'>
  groups: GroupDirectory
  timers: Pick<ChatTimers, 'of'>
  routes: DirectRoutes
  refresh: Pick<LidRefresh, 'settled' | 'marked'>
  /** Files that lie on WhatsApp's servers. */
  uploads: Pick<Uploads, 'of'>
}
