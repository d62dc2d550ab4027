import type { Sink } from '../../../messaging/sink.ts'
import type { AllowedLids } from '../identity/allowed-lids.ts'
import type { LinkStores } from '../link-stores.ts'
import type { InboundContext } from '../inbound/inbound.ts'
import type { MediaFetch } from '../media/media-fetch.ts'
import { HistoryParts, type HistoryPartsDependencies } from './history-parts.ts'
import type { FetchPart } from './open-part.ts'

/** What the history that a phone shares is read with. */
export interface HistorySources {
  /** What becomes of the messages. */
  sink: Pick<Sink, 'linked' | 'wantsPast' | 'past'>
  polls: InboundContext['polls']
  fetch: FetchPart
  /** Resolves when WhatsApp has said whose LIDs are those of people who may write. */
  identitiesLearned(): Promise<void>
}

/** What reads the history of a link. `lids`: asked for when they are needed. */
export function historyOf(o: {
  sink: HistorySources['sink']
  stores: Pick<LinkStores, 'credentials' | 'polls' | 'historyParts'>
  logger: HistoryPartsDependencies['logger']
  media: { downloads: Pick<MediaFetch, 'fetchBytes'> }
  lids: () => Pick<AllowedLids, 'learnAgain'>
}): HistoryParts {
  const { credentials: store, polls, historyParts: waiting } = o.stores
  return new HistoryParts({
    store,
    polls,
    waiting,
    sink: o.sink,
    logger: o.logger,
    fetch: (media, maxBytes, signal) => o.media.downloads.fetchBytes(media, maxBytes, signal),
    identitiesLearned: () => o.lids().learnAgain(),
  })
}
