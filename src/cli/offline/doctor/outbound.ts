import { OutboundNetwork } from '../../../network/outbound-network.ts'
import { createLogger } from '../../../observability/log/logger.ts'
import type { DoctorFacts } from './doctor-facts.ts'

/** How the daemon would connect. Throws `DaemonError` where the settings cannot be used. */
export async function outboundNetwork({ config, env, secrets }: DoctorFacts): Promise<OutboundNetwork> {
  const network = new OutboundNetwork({
    settings: () => {
      const { proxy = null, noProxy = [], caFile = null } = config?.daemon ?? {}
      return { proxy: proxy && secrets.read(proxy), noProxy, caFile }
    },
    env,
    logger: createLogger({ level: 'silent' }),
  })
  await network.start()
  return network
}
