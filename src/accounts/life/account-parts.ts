import { namedNumbers } from '../../access/named-numbers.ts'
import { readsGroup } from '../../access/group-policy.ts'
import type { LinkedDeviceDependencies } from '../../transports/linked-device/linked-device.ts'
import type { AccountDependencies } from './account-dependencies.ts'
import type { OpenAccountInput } from './open-account.ts'

/** The link and the conversations of an account, as its directory is opened with them. */
export function accountParts(
  dependencies: AccountDependencies,
  events: LinkedDeviceDependencies['events'],
): Pick<OpenAccountInput, 'device' | 'conversations'> {
  const { id, config, server, timings, agentFor, publish, logger, now, random } = dependencies
  return {
    device: {
      server,
      timings,
      logger,
      now,
      random,
      allowedNumbers: () => namedNumbers(config()),
      readsGroup: (group) => readsGroup(config().groupAccess, group),
      events,
    },
    conversations: {
      account: id,
      config,
      agentFor,
      publish,
      logger,
      now: () => new Date(now()),
      random,
    },
  }
}
