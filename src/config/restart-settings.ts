import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import type { Config, DaemonConfig } from './model.ts'
import { accountSettings } from './settings/account-settings.ts'
import { daemonSettings } from './settings/daemon-settings.ts'
import { metaOf } from './settings/setting.ts'

/** More would crowd an event. */
const MOST_REPORTED = 50

type Values = Readonly<Record<string, unknown>>

const ACCOUNT_KEYS = restartKeys(accountSettings)
const DAEMON_KEYS = restartKeys(daemonSettings)

/**
 * The settings that are declared with `reload: 'restart'`: they stay as they were at the start of the process, those of an account as they
 * were when it joined the config, and a change of one is reported until the next start.
 */
export class RestartSettings {
  readonly #startedWith: Values
  #accounts: ReadonlyMap<string, Values> = new Map()
  #running: DaemonConfig
  #pending: readonly string[] = []

  constructor(atStart: Config) {
    this.#startedWith = pick(atStart.daemon, DAEMON_KEYS)
    this.#running = atStart.daemon
    this.follow(atStart)
  }

  /** The section of the process as it applies now. */
  get running(): DaemonConfig {
    return this.#running
  }

  /** Dotted paths of the settings that wait for the next start; the first 50. */
  get pending(): readonly string[] {
    return this.#pending
  }

  /** Another config is in force. */
  follow({ accounts, daemon }: Config): void {
    const joinedWith = new Map(
      Object.entries(accounts).map(([id, account]) => [
        id,
        this.#accounts.get(id) ?? pick(account, ACCOUNT_KEYS),
      ]),
    )
    this.#accounts = joinedWith
    this.#running = { ...daemon, ...this.#startedWith }
    this.#pending = [
      ...differences(this.#startedWith, daemon).map((key) => `whatsappd.${key}`),
      ...Object.entries(accounts).flatMap(([id, account]) =>
        differences(joinedWith.get(id) ?? {}, account).map((key) => `accounts.${id}.${key}`),
      ),
    ].slice(0, MOST_REPORTED)
  }
}

function restartKeys(settings: Readonly<Record<string, z.ZodType>>): string[] {
  return Object.keys(settings).filter((key) => {
    const schema = settings[key]
    return schema !== undefined && metaOf(key, schema).reload === 'restart'
  })
}

/** Of these keys those that the object has: not every setting is built. */
function pick(object: object, keys: readonly string[]): Values {
  return Object.fromEntries(keys.filter((key) => key in object).map((key) => [key, Reflect.get(object, key)]))
}

function differences(before: Values, after: object): string[] {
  return Object.keys(before).filter((key) => !isDeepStrictEqual(before[key], Reflect.get(after, key)))
}
