import { existsSync } from 'node:fs'
import { KeyRing } from '../../../../control/auth/key-ring.ts'
import { localTokenPath, readLocalToken } from '../../../../control/auth/local-token.ts'
import { isLoopbackUrl } from '../../../../protocol/loopback-url.ts'
import { DaemonError } from '../../../../protocol/errors.ts'
import { reachableHost } from '../../../../control/http/reachable-host.ts'
import { createLogger } from '../../../../observability/log/logger.ts'
import { reason } from '../../../../protocol/reasons.ts'
import { LeaseError } from '../../../../storage/leases/lease-error.ts'
import { LeaseServer } from '../../../../storage/leases/lease-server.ts'
import { capitalized, sentence } from '../../../../text/sentence.ts'
import { type Check, fine, type Found, problem, warning } from '../check.ts'
import type { DoctorFacts } from '../doctor-facts.ts'

const LOCK_LIMIT_MS = 3_000
/** Every address of the machine, which loopback reaches, too. */
const EVERYWHERE: readonly string[] = ['0.0.0.0', '::', '']

/** Of the way to the daemon: who may come, and from where; and of the server that decides between hosts. */
export const CONTROL_CHECKS: readonly Check[] = [
  {
    id: 'control.token',
    looksAt:
      'the local token, which the command line and the page need: whether it can be read and is private',
    look: ({ stateDirectory }) => {
      // The next start makes one.
      if (!existsSync(localTokenPath(stateDirectory))) return []
      try {
        readLocalToken(stateDirectory)
        return [fine('The local token is there, for its owner alone.')]
      } catch (error) {
        if (!(error instanceof DaemonError)) throw error
        return [problem(error.message, error.action ?? 'Make a new one: whatsappd token --rotate.')]
      }
    },
  },
  {
    id: 'control.keys',
    looksAt: 'whether the keys of dashboards (`whatsappd.auth.jwtKeys`) can be read and are strong enough',
    look: lookAtKeys,
  },
  {
    id: 'control.refusals',
    looksAt: 'why tokens of dashboards were refused, as the running daemon says',
    look: ({ daemon }) => {
      const refused = daemon.state === 'running' ? (daemon.config.refusedTokens ?? []) : []
      return refused.map(({ message, action, detail, count }) => {
        const about = detail === null ? '' : ` (${detail})`
        const times = count === 1 ? 'A token was refused' : `${count} tokens were refused`
        return warning(`${times}: ${message.replace(/\.$/, '')}${about}.`, action)
      })
    },
  },
  {
    id: 'control.listen',
    looksAt: 'whether the control plane listens on more than this machine: a tunnel needs no more',
    look: ({ config }) => {
      if (config === null) return []
      const { host } = config.daemon.listen
      const isLocal = !EVERYWHERE.includes(host) && isLoopbackUrl(`http://${reachableHost(host)}`)
      return [
        isLocal
          ? fine(`The control plane listens on ${host} alone.`)
          : warning(
              `The control plane listens on ${host}, without TLS: everybody who reaches this machine can try tokens.`,
              'Set whatsappd.listen.host to "127.0.0.1", and let a tunnel or a reverse proxy lead there (docs/tunnels.md). In a container whose port is not published it can stay.',
            ),
      ]
    },
  },
  {
    id: 'lock.server',
    looksAt: 'whether the lock server (`whatsappd.lock.redis`) answers and takes user and password',
    look: lookAtLockServer,
  },
]

function lookAtKeys({ config, secrets, daemon }: DoctorFacts): Found[] {
  const { auth } = config?.daemon ?? {}
  if (auth === undefined || auth.jwtKeys.length === 0) return []
  const ring = new KeyRing({ settings: () => auth, secrets, logger: createLogger({ level: 'silent' }) })
  ring.refresh(null)
  const found = [...ring.unusable].map(([setting, why]): Found => {
    const message = `${setting}: ${why}; no token is accepted by it.`
    const index = Number(/\[(\d+)\]/.exec(setting)?.[1])
    const key = auth.jwtKeys[index]
    const reference = key === undefined ? auth.metricsToken : 'secret' in key ? key.secret : key.publicKey
    // The variables of the daemon are not those of this command.
    return reference !== null && 'env' in reference && daemon.state === 'running'
      ? warning(message, 'The daemon has an environment of its own: see what the variable is there.')
      : problem(
          message,
          'Correct it; docs/security.md says which keys are taken. A secret such as the output of: openssl rand -base64 48',
        )
  })
  return found.length > 0 ? found : [fine('The keys of dashboards can be used.')]
}

async function lookAtLockServer({ config, secrets }: DoctorFacts): Promise<Found[]> {
  const lock = config?.daemon.lock ?? null
  if (lock === null) return []
  const server = new LeaseServer({ url: () => secrets.read(lock.url), timeoutMs: LOCK_LIMIT_MS })
  try {
    await server.ping()
    return [fine('The lock server answers.')]
  } catch (error) {
    if (!(error instanceof LeaseError)) throw error
    const { code, detail } = error.obstacle
    return code === 'lock_unreachable'
      ? [
          problem(
            `The lock server cannot be asked (${detail}): nothing is sent or received.`,
            'Start the server, or correct whatsappd.lock.redis.url; the daemon resumes by itself.',
          ),
        ]
      : [problem(sentence(capitalized(detail)), reason(code).action)]
  } finally {
    await server.stop()
  }
}
