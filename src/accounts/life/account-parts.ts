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
): Pick<OpenAccountInput, 'openLink' | 'importer' | 'link' | 'conversations'> {
  const { id, config, openLink, importer, allowPerson, agentFor, publish, logger, now, random } = deps
  return {
    openLink,
    importer,
    link: {
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
      publish,
      attentionChanged: () => events.changed(),
      logger,
      now: () => new Date(now()),
      random,
    },
  }
}
