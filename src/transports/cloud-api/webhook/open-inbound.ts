import type { LinkDependencies } from '../../link.ts'
import { PeopleDirectory, type PeopleDirectoryDependencies } from '../identity/people-directory.ts'
import { BusinessPeople } from '../identity/business-people.ts'
import { BusinessReceiver, type BusinessReceiverDependencies } from './business-receiver.ts'
import { HealthCounts } from './health-counts.ts'
import { UpdateHandlers, type UpdateHandlersDependencies } from './update-handlers.ts'
import { UpdateJournal } from './update-journal.ts'
import { UpdateWork } from './update-work.ts'

export interface InboundDependencies
  extends
    Pick<LinkDependencies, 'account' | 'database' | 'sink' | 'listedNumbers' | 'logger' | 'now'>,
    Pick<BusinessReceiverDependencies, 'credentials' | 'claim' | 'numbers'>,
    Pick<UpdateHandlersDependencies, 'businessNotice' | 'ownNumberTold' | 'failureOf' | 'refusedLater'> {
  windows: UpdateHandlersDependencies['windows'] & PeopleDirectoryDependencies['windows']
  /** The account's view is another one. */
  changed: () => void
  storageFailed: (error: unknown) => void
}

/** The half of a Business number that takes in: its webhook, who people are, and the work on what came. */
export interface Inbound {
  webhook: BusinessReceiver
  people: BusinessPeople
  directory: PeopleDirectory
  /** Goes on with what was posted and not worked on. May be called again. */
  start(): void
  /** The account has another number: nothing came for it yet. */
  numberChanged(): void
  /** Resolves when nothing that was posted waits. */
  settled(): Promise<void>
}

/** Nothing is worked on before `start`, or before something is posted. Throws `StorageError`. */
export function openInbound(deps: InboundDependencies): Inbound {
  const { database, now } = deps
  const journal = new UpdateJournal(database, now)
  const health = new HealthCounts(deps)
  const people = new BusinessPeople(deps)
  const handlers = new UpdateHandlers({
    ...deps,
    people,
    phoneNumberId: () => deps.claim()?.phoneNumberId ?? null,
    unsupported: () => health.unsupported(),
  })
  const work = new UpdateWork({ ...deps, journal, handlers })
  return {
    webhook: new BusinessReceiver({ ...deps, journal, work, health, people }),
    people,
    directory: new PeopleDirectory({ ...deps, people, journal }),
    numberChanged: () => health.reset(),
    start: () => {
      journal.prune()
      if (journal.hasOpen) work.wake()
    },
    settled: () => work.settled(),
  }
}
