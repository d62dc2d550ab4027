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
import type * as DaemonModule from '../../../daemon.ts'
import type { CommandContext } from '../../command-context.ts'
import { describeFailure } from '../../describe-failure.ts'
import { withDaemon } from '../../remote/connection/with-daemon.ts'
import { findDaemon } from '../../remote/connection/daemon-address.ts'
import { resolveStateDir } from '../../state-dir.ts'
import { withDeadline } from '../../../timing/deadline.ts'

/** How long the daemon may take to answer. */
const ASK_LIMIT_MS = 10_000

export interface DoctorOptions {
  stateDir?: string
  config?: string
}

/** The machine that is looked at. */
export interface Surroundings {
  /** Where `sys`, `proc` and `etc` of the machine are; `/` without it. For tests. */
  systemRoot?: string
  /** As in `DaemonOptions`. */
  versionPage?: string | undefined
}

/** What the running daemon says of itself. */
interface RunningDaemon {
  state: 'running'
  /** Of the program that runs; `null` where it does not say. */
  version: string | null
  authority: string
  pid: number
  accounts: AccountView[]
  config: ConfigView
  webhooks: WebhookView[]
}

/** Everything that the checks look at, gathered once. */
export interface DoctorFacts extends Surroundings {
  systemRoot: string
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
  daemon: RunningDaemon | { state: 'not_running' } | { state: 'unknown'; why: string; action: string | null }
  secrets: SecretReader
  /** The ways into WhatsApp, of which nothing is started; loaded before any check has to keep its time. */
  ways: Pick<typeof DaemonModule, 'transportKinds' | 'linkImporter'>
}

/** Reads the config file and asks the daemon, where one runs. Creates nothing. */
export async function gatherFacts(
  context: CommandContext,
  options: DoctorOptions,
  { systemRoot = '/', versionPage }: Surroundings = {},
): Promise<DoctorFacts> {
  const { env, version, packageRoot } = context
  const stateDirectory = resolveStateDir(options.stateDir, env)
  const [daemon, ways] = await Promise.all([askDaemon(context, stateDirectory), import('../../../daemon.ts')])
  // The running daemon may follow another file than one started here would.
  const followed = daemon.state === 'running' ? daemon.config.path : null
  const configPath =
    options.config === undefined && followed !== null
      ? followed
      : findConfigFile({ configPath: options.config, env })
  const content = readConfigContent(configPath, env)
  return {
    systemRoot,
    versionPage,
    version,
    packageRoot,
    env,
    stateDirectory,
    configPath,
    configKind: content,
    ...readConfig(content, configPath, env),
    daemon,
    ways,
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

/** Takes {@link ASK_LIMIT_MS} at most. */
async function askDaemon(context: CommandContext, stateDir: string): Promise<DoctorFacts['daemon']> {
  let pid: number | null = null
  try {
    const found = findDaemon(stateDir)
    if (found === null) return { state: 'not_running' }
    pid = found.pid
    return await withDeadline(askRunning(context, stateDir), ASK_LIMIT_MS, () => ({
      state: 'unknown',
      why: `The process ${pid} of the daemon did not answer within ${ASK_LIMIT_MS / 1_000} s.`,
      action: `See whether it is stopped or very busy (ps -o stat,pcpu,wchan -p ${pid}). Continue it with: kill -CONT ${pid}. Where that does not help, restart the daemon.`,
    }))
  } catch (error) {
    return { state: 'unknown', why: describeFailure(error).line, action: null }
  }
}

function askRunning(context: CommandContext, stateDir: string): Promise<RunningDaemon> {
  return withDaemon(context, { stateDir }, async ({ client, version, authority, pid }) => {
    const [{ accounts }, config, { webhooks }] = await Promise.all([
      client.request('accounts.list', {}),
      client.request('config.get', {}),
      client.request('webhooks.list', {}),
    ])
    return { state: 'running', version, authority, pid, accounts, config, webhooks }
  })
}
