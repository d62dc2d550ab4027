import { authorize } from '../../access/authorize.ts'
import { readsGroup } from '../../access/authorize-group.ts'
import type { AccountConfig } from '../../config/model.ts'
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
      authorize,
      agentFor,
      publish,
      logger,
      now: () => new Date(now()),
      random,
    },
  }
}

/** Everybody who may write, directly or in a group, and whom the config knows by number. */
function namedNumbers({ access, groupAccess, senders }: AccountConfig): string[] {
  const known = access.dmPolicy === 'open' || groupAccess.groupPolicy === 'open' ? Object.keys(senders) : []
  return [...new Set([...access.allowFrom, ...(groupAccess.groupAllowFrom ?? []), ...known])]
}
