import type { Logger } from 'pino'
import type { DaemonConfig } from '../../config/model.ts'
import type { OutboundNetwork } from '../../network/outbound-network.ts'
import type { TransportKind } from '../link.ts'
import { askServerOfLinks } from './ask-server-of-links.ts'
import { linkedDevices, type LinkedDeviceTimings } from './linked-device.ts'
import { isPhoneLinked } from './signal/is-phone-linked.ts'
import { ClientVersions } from './socket/client-versions.ts'

export interface LinkedDeviceKindOptions {
  config: { readonly running: DaemonConfig }
  network: Pick<OutboundNetwork, 'agentFor' | 'fetch' | 'isDirect'>
  stateDir: string
  logger: Logger
  /** As in `DaemonOptions`. */
  versionPage?: string | undefined
  timings?: LinkedDeviceTimings | undefined
  /** Whether the process starts: what is opened later was asked for, and waits for nothing. */
  isStarting?: () => boolean
}

/** Linked devices of phones, as the daemon has them. */
export function linkedDeviceKind(options: LinkedDeviceKindOptions): TransportKind {
  const { config, network, stateDir, logger, versionPage, timings = {}, isStarting = () => false } = options
  const versions = new ClientVersions({
    settings: () => config.running.whatsapp,
    fetch: (url, init) => network.fetch(url, init),
    directory: stateDir,
    logger,
    now: Date.now,
    page: versionPage,
  })
  return {
    open: linkedDevices({
      server: () => config.running.whatsapp,
      agentFor: (url) => network.agentFor(url),
      versions,
      timings: () => ({
        reconnect: config.running.reconnect,
        startJitterMs: () => (isStarting() ? config.running.startJitterSeconds * 1_000 : 0),
        ...timings,
      }),
    }),
    isStored: ({ database }) => isPhoneLinked(database),
    askServer: (signal) =>
      askServerOfLinks({ settings: config.running.whatsapp, versions, network, now: Date.now }, signal),
  }
}
