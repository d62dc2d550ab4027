import { jidEncode } from '@whiskeysockets/baileys'
import type { SenderIdentity } from '../../messaging/identity.ts'
import type { Sink } from '../../messaging/sink.ts'
import type { Database } from '../../storage/database/database.ts'
import { CredentialStore } from './signal/credential-store.ts'
import { DisplayNames } from './identity/display-names.ts'
import { GroupDirectory } from './groups/group-directory.ts'
import { ChatTimers } from './outbound/chat-timers.ts'
import { DirectRoutes } from './outbound/direct-routes.ts'
import { type LinkCaches, openLinkCaches } from './signal/link-caches.ts'
import { MessageJournal } from './inbound/message-journal.ts'
import { WaitingParts } from './history/waiting-parts.ts'
import { KnownPolls } from './polls/known-polls.ts'
import { RegisteredNumbers } from './identity/registered-numbers.ts'

/** What a link keeps in its account's database. */
export interface LinkStores {
  credentials: CredentialStore
  journal: MessageJournal
  groups: GroupDirectory
  caches: LinkCaches
  timers: ChatTimers
  routes: DirectRoutes
  registered: RegisteredNumbers
  polls: KnownPolls
  historyParts: WaitingParts
  /** In memory alone. */
  names: DisplayNames
}

/** Throws `StorageError` when the stored credentials or caches cannot be read. */
export function openLinkStores(o: {
  database: Database
  now: () => number
  sink: Pick<Sink, 'groupNamed' | 'senderResolved' | 'personChanged'>
  storageFailed(error: unknown): void
  /** A number belongs to another account now; called in the transaction that writes it. */
  personChanged?(phoneNumber: string): void
}): LinkStores {
  const { database, now, sink } = o
  const credentials = CredentialStore.load(
    database,
    {
      writeFailed: (error) => o.storageFailed(error),
      lidLearned: ({ lid, phoneNumber }) =>
        sink.senderResolved(learnedSender(lid, phoneNumber, credentials.lids.isChanged(phoneNumber))),
      lidChanged: ({ phoneNumber, former }) => {
        for (const user of [former, phoneNumber]) {
          caches.devices.del(user)
          caches.keylessDevices.removeUser(user)
        }
        sink.personChanged({ phoneNumber: `+${phoneNumber}`, formerAddress: jidEncode(former, 'lid') })
        o.personChanged?.(phoneNumber)
      },
      forgotten: () => {
        for (const cache of Object.values(caches)) cache.flushAll()
        groups.clear()
        names.clear()
        historyParts.clear()
      },
    },
    now,
  )
  const caches = openLinkCaches(database, now)
  const historyParts = new WaitingParts(database)
  const groups = new GroupDirectory(database, now, (group, name) => sink.groupNamed(group, name))
  const names = new DisplayNames()
  return {
    credentials,
    journal: new MessageJournal(database, now),
    groups,
    historyParts,
    caches,
    timers: new ChatTimers({
      stored: caches.timers,
      passing: caches.passingTimers,
      lids: credentials.lids,
      now,
    }),
    routes: new DirectRoutes({
      lids: credentials.lids,
      namespace: caches.namespace,
      misses: caches.numbersWithoutLid,
    }),
    registered: new RegisteredNumbers(database),
    polls: new KnownPolls(database),
    names,
  }
}

function learnedSender(lid: string, phoneNumber: string, isChanged: boolean): SenderIdentity {
  return {
    address: jidEncode(lid, 'lid'),
    phoneNumber: { value: `+${phoneNumber}`, proof: 'directory' },
    lid: { value: lid, proof: 'directory' },
    displayName: null,
    conflict: false,
    ...(isChanged ? { changed: true } : {}),
  }
}
