import { dirname } from 'node:path'
import { CONNECTORS } from '../../../agents/registry.ts'
import { type ConfigContent, readConfigContent } from '../../../config/file/read-config-content.ts'
import { findConfigFile } from '../../../config/file/find-config-file.ts'
import { composedDocument } from '../../../config/include/composed-document.ts'
import type { Config } from '../../../config/model.ts'
import { ConfigError } from '../../../config/problems/config-error.ts'
import { resolveDocument } from '../../../config/read/resolve.ts'
import { SecretReader } from '../../../config/secrets/secret-reader.ts'
import { createLogger } from '../../../observability/log/logger.ts'
import type { AccountView } from '../../../protocol/account/account.ts'
import type { ConfigProblem } from '../../../protocol/config/config-problem.ts'
import type { ConfigView } from '../../../protocol/config/config-view.ts'
import type { WebhookView } from '../../../protocol/webhook-view.ts'
import type { CommandContext } from '../../command-context.ts'
import { describeFailure } from '../../describe-failure.ts'
import { withDaemon } from '../../remote/connection/with-daemon.ts'
import { findDaemon } from '../../remote/connection/daemon-address.ts'
import { resolveStateDir } from '../../state-dir.ts'

export interface DoctorOptions {
  stateDir?: string
  config?: string
}

/** What the running daemon says of itself. */
interface RunningDaemon {
  state: 'running'
  authority: string
  pid: number
  accounts: AccountView[]
  config: ConfigView
  webhooks: WebhookView[]
}

/** Everything that the checks look at, gathered once. */
export interface DoctorFacts {
  version: string
  packageRoot: string
  env: NodeJS.ProcessEnv
  stateDirectory: string
  configPath: string
  /** What stands at `configPath`. */
  configKind: ConfigContent
  /** What the file says, read in the environment of this command; `null` where it cannot be used. */
  config: Config | null
  /** Why not. */
  configErrors: readonly ConfigProblem[]
  /** `unknown`: something is there that cannot be asked. */
  daemon: RunningDaemon | { state: 'not_running' } | { state: 'unknown'; why: string }
  secrets: SecretReader
}

/** Reads the config file and asks the daemon, where one runs. Creates nothing. */
export async function gatherFacts(context: CommandContext, options: DoctorOptions): Promise<DoctorFacts> {
  const { env, version, packageRoot } = context
  const stateDirectory = resolveStateDir(options.stateDir, env)
  const daemon = await askDaemon(context, stateDirectory)
  // The running daemon may follow another file than one started here would.
  const followed = daemon.state === 'running' ? daemon.config.path : null
  const configPath =
    options.config === undefined && followed !== null
      ? followed
      : findConfigFile({ configPath: options.config, env })
  const content = readConfigContent(configPath, env)
  return {
    version,
    packageRoot,
    env,
    stateDirectory,
    configPath,
    configKind: content,
    ...readConfig(content, configPath, env),
    daemon,
    secrets: new SecretReader({ env, logger: createLogger({ level: 'silent' }) }),
  }
}

function readConfig(
  content: ConfigContent,
  path: string,
  env: NodeJS.ProcessEnv,
): Pick<DoctorFacts, 'config' | 'configErrors'> {
  if (content.kind === 'unreadable') return { config: null, configErrors: [] }
  const text = content.kind === 'text' ? content : { text: '' }
  try {
    const document = composedDocument(text)
    const config = resolveDocument(document, { directory: dirname(path), env, connectors: CONNECTORS })
    return { config, configErrors: [] }
  } catch (error) {
    return {
      config: null,
      configErrors: (error instanceof ConfigError ? error : ConfigError.internal(error)).problems,
    }
  }
}

async function askDaemon(context: CommandContext, stateDir: string): Promise<DoctorFacts['daemon']> {
  try {
    if (findDaemon(stateDir) === null) return { state: 'not_running' }
    return await withDaemon(context, { stateDir }, async ({ client, authority, pid }) => {
      const [{ accounts }, config, { webhooks }] = await Promise.all([
        client.request('accounts.list', {}),
        client.request('config.get', {}),
        client.request('webhooks.list', {}),
      ])
      return { state: 'running', authority, pid, accounts, config, webhooks }
    })
  } catch (error) {
    return { state: 'unknown', why: describeFailure(error).line }
  }
}
