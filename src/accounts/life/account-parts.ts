import { listedNumbers } from '../../access/listed-numbers.ts'
import { namedPeople } from '../../access/named-people.ts'
import { readsGroup } from '../../access/group-policy.ts'
import type { LinkEvents } from '../../transports/link.ts'
import type { AccountDependencies } from './account-dependencies.ts'
import type { OpenAccountInput } from './open-account.ts'

/** The link and the conversations of an account, as its directory is opened with them. */
export function accountParts(
  deps: AccountDependencies,
  events: LinkEvents,
  chooseTransport: OpenAccountInput['chooseTransport'],
): Pick<OpenAccountInput, 'transports' | 'chooseTransport' | 'importer' | 'link' | 'conversations'> {
  const {
    id,
    config,
    transports,
    importer,
    allowPerson,
    agentFor,
    redactor,
    transcription,
    audio,
    publish,
    counts,
    traces,
    eraseEvents,
    logger,
    now,
    random,
  } = deps
  return {
    transports,
    chooseTransport,
    importer,
    link: {
      account: id,
      ...(traces !== null && { traces }),
      logger,
      now,
      random,
      allowedNumbers: () => namedPeople(config()),
      listedNumbers: () => listedNumbers(config()),
      readsGroup: (group) => readsGroup(config().groupAccess, group),
      events,
    },
    conversations: {
      account: id,
      config,
      allowPerson,
      agentFor,
      redactor,
      transcribe: (path, signal) => transcription.transcribe(id, path, signal),
      audio,
      publish,
      counts,
      ...(traces !== null && { traces }),
      eraseEvents,
      attentionChanged: () => events.changed(),
      logger,
      now: () => new Date(now()),
      random,
    },
  }
}
