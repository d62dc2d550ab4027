import type { Logger } from 'pino'
import type { TransportKind } from '../link.ts'
import { CloudApiLink, type CloudApiLinkOptions } from './cloud-api-link.ts'
import { ConnectionFile } from './credentials/connection-file.ts'
import { claimWhileClosed } from './credentials/number-claim.ts'
import { closedReceivers } from './webhook/closed-receivers.ts'
import { WebhookNumbers } from './webhook/webhook-numbers.ts'

export interface CloudApiOptions extends CloudApiLinkOptions {
  logger: Logger
}

/** Numbers of WhatsApp Business accounts as a transport that accounts can be opened with. */
export function cloudApi(options: CloudApiOptions): TransportKind {
  const { config, registry } = options
  const numbers = new WebhookNumbers({
    accounts: () => Object.keys(config.current.accounts),
    whileClosed: (account) => claimWhileClosed(config.current, account, registry().directoryOf(account)),
  })
  return {
    open: (deps) => new CloudApiLink(deps, options, numbers),
    isStored: ({ directory }) => ConnectionFile.isIn(directory),
    webhookWhileClosed: closedReceivers({ numbers, logger: options.logger }),
  }
}
