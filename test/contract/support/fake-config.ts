import { plainSettings } from '../../../src/config/settings/account-settings.ts'
import { effectiveSettings } from '../../../src/config/settings/effective-settings.ts'
import type {
  AccountConfig,
  AccountEditResult,
  Config,
  ConfigEditor,
  ConfigSource,
  EditOptions,
  EditResult,
  UpdateOptions,
  UpdateResult,
} from '../../../src/config/model.ts'
import type { SettingChange } from '../../../src/config/edit/edit-settings.ts'
import { DaemonError } from '../../../src/protocol/errors.ts'
import type { ConfigProblem } from '../../../src/protocol/config/config-problem.ts'
import { NO_BUSINESS } from '../../support/no-business.ts'

/** The config side of the daemon: edits change `current` as the real one would. */
export class FakeConfig implements ConfigSource, ConfigEditor {
  current: Config = config()
  problems: ConfigProblem[] = []
  fileLength = 100
  needsRestart: readonly string[] = []
  updates: (readonly SettingChange[])[] = []
  failure: unknown = null

  onApplied(): () => void {
    return () => undefined
  }

  onRejected(): () => void {
    return () => undefined
  }

  addAllowFrom(numbers: string[], options?: EditOptions): Promise<EditResult> {
    return this.#edit(options, (list) => [...new Set([...list, ...numbers])])
  }

  removeAllowFrom(numbers: string[], options?: EditOptions): Promise<EditResult> {
    return this.#edit(options, (list) => list.filter((number) => !numbers.includes(number)))
  }

  setAllowFrom(numbers: string[], options?: EditOptions): Promise<EditResult> {
    return this.#edit(options, () => numbers)
  }

  setEnabled(enabled: boolean, options?: EditOptions): Promise<EditResult> {
    return this.#edit(options, (list) => [...list], { enabled })
  }

  async update(changes: readonly SettingChange[], options?: UpdateOptions): Promise<UpdateResult> {
    this.updates.push(changes)
    const { revision } = await this.#edit(options, (list) => [...list])
    return { revision, changed: changes.map(({ path }) => path.join('.')) }
  }

  async createAccount(id: string, name: string | null, options?: EditOptions): Promise<AccountEditResult> {
    if (this.current.accounts[id] !== undefined) return { revision: this.current.revision, changed: false }
    const { revision } = await this.#edit(options, (list) => [...list])
    const accounts = { ...this.current.accounts, [id]: { ...accountConfig(id), name } }
    this.current = { ...this.current, accounts }
    return { revision, changed: true }
  }

  async removeAccount(id: string, options?: EditOptions): Promise<AccountEditResult> {
    const { revision } = await this.#edit(options, (list) => [...list])
    const { [id]: _gone, ...accounts } = this.current.accounts
    this.current = { ...this.current, accounts }
    return { revision, changed: true }
  }

  async #edit(
    options: EditOptions = {},
    change: (list: readonly string[]) => string[],
    settings: Partial<AccountConfig> = {},
  ): Promise<EditResult> {
    if (this.failure !== null) throw this.failure
    if (options.revision !== undefined && options.revision !== this.current.revision)
      throw new DaemonError('config_conflict')
    const id = options.account ?? this.current.defaultAccount
    const account = this.current.accounts[id]
    if (account === undefined) throw new DaemonError('account_not_found')
    const allowFrom = change(account.access.allowFrom)
    const changed = { ...account, ...settings, access: { ...account.access, allowFrom } }
    const revision = `r${Number(this.current.revision.slice(1)) + 1}`
    this.current = { ...this.current, revision, accounts: { ...this.current.accounts, [id]: changed } }
    return { revision, allowFrom }
  }
}

function config(): Config {
  return {
    revision: 'r1',
    accounts: { default: accountConfig('default'), second: accountConfig('second') },
    defaultAccount: 'default',
    section: 'channels.whatsapp',
    configWrites: true,
    maxAccounts: 10,
    daemon: {
      instanceId: null,
      lock: null,
      proxy: null,
      noProxy: [],
      webhooks: [],
      caFile: null,
      listen: { host: '127.0.0.1', port: 0 },
      auth: {
        jwtKeys: [],
        issuer: null,
        audience: null,
        subjects: [],
        claims: { subject: 'sub', scope: 'scope', defaultScopes: [], required: {} },
        metricsToken: null,
        revoked: [],
      },
      allowedOrigins: [],
      log: { level: 'info', format: 'json' },
      whatsapp: { webSocketUrl: null, noiseRootKey: null, version: null, versionLookup: true },
      reconnect: { firstDelayMs: 2_000, capMs: 60_000 },
      startJitterSeconds: 0,
    },
    notices: [],
  }
}

function accountConfig(id: string): AccountConfig {
  return {
    ...effectiveSettings(plainSettings, []),
    cloudApi: NO_BUSINESS,
    isTransportSet: false,
    id,
    section: 'channels.whatsapp',
    authDir: null,
    access: { dmPolicy: 'allowlist', allowFrom: ['+15555550101'] },
    groupAccess: { groupPolicy: 'allowlist', groupAllowFrom: null, groups: {} },
    agents: {
      echo: { connector: 'echo', settings: {} },
      llm: {
        connector: 'openai-chat',
        settings: {
          baseUrl: 'http://127.0.0.1:1/secret-path/v1',
          model: 'small',
          apiKey: { literal: 'sk-secret-key' },
          timeoutSeconds: 60,
        },
      },
    },
    senders: {},
    commands: { enabled: true, owners: [] },
    mentionPatterns: { patterns: [], mode: 'allow', allowIn: [], denyIn: [] },
    direct: {},
    dms: {},
    coalesce: null,
    transcription: null,
    webhooks: [],
    defaultAgent: 'echo',
  }
}
