import { isCompleteBusiness } from '../../config/cloud-api-config.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { LinkDependencies, Transports } from '../../transports/link.ts'

export type TransportName = keyof Transports

/** The config as the rest of an account reads it: with the transport that it has. The same object while nothing changes. */
export function withTransport(config: () => AccountConfig, transport: TransportName): () => AccountConfig {
  let written: AccountConfig | null = null
  let effective: AccountConfig | null = null
  return () => {
    const current = config()
    if (current.transport === transport) return current
    if (effective === null || written !== current) effective = { ...current, transport }
    written = current
    return effective
  }
}

/**
 * How an account reaches WhatsApp: as the config says; where it says nothing, as what is stored was linked or connected; where nothing is
 * stored, as a Business account once file and environment give enough of one. Throws `StorageError`.
 */
export function chooseTransport(
  { transport, isTransportSet, cloudApi }: Pick<AccountConfig, 'transport' | 'isTransportSet' | 'cloudApi'>,
  transports: Transports,
  files: Pick<LinkDependencies, 'database' | 'directory'>,
): TransportName {
  if (isTransportSet) return transport
  // A phone that is linked stays linked, whatever the environment says.
  const stored = (['linked-device', 'cloud-api'] as const).find((name) => transports[name].isStored(files))
  return stored ?? (isCompleteBusiness(cloudApi) ? 'cloud-api' : transport)
}
