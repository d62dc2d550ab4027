import type { AccountConfig, Config } from '../model.ts'

/** Gives the records of a config that came from another thread back what they are made with there: no prototype. */
export function reviveConfig(config: Config): void {
  withoutPrototype(config.accounts)
  for (const { agents, groupAccess, senders } of Object.values<AccountConfig>(config.accounts)) {
    withoutPrototype(agents)
    withoutPrototype(groupAccess.groups)
    withoutPrototype(senders)
  }
}

function withoutPrototype(record: object): void {
  Object.setPrototypeOf(record, null)
}
