import type { Sink } from '../../../messaging/sink.ts'
import type { AllowedLids } from '../identity/allowed-lids.ts'
import type { InboundContext } from '../inbound/inbound.ts'
import type { MediaFetch } from '../media/media-fetch.ts'
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

/** Those of a link. `lids`: asked for when they are needed. */
export function historySources(o: {
  sink: HistorySources['sink']
  polls: HistorySources['polls']
  media: { downloads: Pick<MediaFetch, 'fetchBytes'> }
  lids: () => Pick<AllowedLids, 'learnAgain'>
}): HistorySources {
  return {
    sink: o.sink,
    polls: o.polls,
    fetch: (media, maxBytes, signal) => o.media.downloads.fetchBytes(media, maxBytes, signal),
    identitiesLearned: () => o.lids().learnAgain(),
  }
}
