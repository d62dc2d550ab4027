import type { BusinessConnection } from '../../protocol/account/business.ts'
import { DaemonError } from '../../protocol/errors.ts'
import { SerialWork } from '../../timing/serial-work.ts'
import type { BusinessLink } from '../../transports/link.ts'
import type { AccountDependencies } from './account-dependencies.ts'
import type { AccountDirectory } from './account-directory.ts'
import { chooseTransport, type TransportName } from './choose-transport.ts'
import { businessRefusal } from './link-refusal.ts'
import type { OpenAccount, OpenAccountInput } from './open-account.ts'

export interface TransportSwitchDependencies extends Pick<
  AccountDependencies,
  'config' | 'accountLimit' | 'transports'
> {
  directory: Pick<AccountDirectory, 'parts' | 'openAnew' | 'failed'>
  /** Throws `DaemonError` while the directory cannot be used. */
  usable: () => OpenAccount
  isStopping: () => boolean
}

/** Over which transport an account goes: follows the config and what is stored, and makes a Business account of one without a link. */
export class TransportSwitch {
  readonly #deps: TransportSwitchDependencies
  /** Set while the account is connected over another transport than it has. */
  #forced: TransportName | null = null
  readonly #connecting = new SerialWork(() => new DaemonError('rate_limited'))

  constructor(deps: TransportSwitchDependencies) {
    this.#deps = deps
  }

  /** The one to open the account with. Throws `StorageError`. */
  readonly choose: OpenAccountInput['chooseTransport'] = (files) =>
    this.#forced ?? chooseTransport(this.#deps.config(), this.#deps.transports, files)

  /**
   * Connects a number of a Business account, or finishes what is left of it. Where the account has no link and the config names no
   * transport, it becomes a Business account. Of two calls at once the second finds what the first has made. Throws `DaemonError`.
   */
  connectBusiness(connection: BusinessConnection): Promise<void> {
    return this.#connecting.run(async () => {
      const { config, accountLimit, directory, usable } = this.#deps
      const { link } = usable()
      if (!config().enabled) throw new DaemonError('account_disabled')
      if (link.business !== null) return this.#connect(link.business, connection)
      const refusal = businessRefusal(config(), link.facts.linked, accountLimit())
      if (refusal !== null) throw refusal
      this.#forced = 'cloud-api'
      try {
        await directory.openAnew()
        const { business } = usable().link
        if (business === null) throw new DaemonError('link_failed')
        this.#connect(business, connection)
      } finally {
        this.#forced = null
        await this.follow()
      }
    })
  }

  /** Another transport may fit by now, by the config or by what was stored or erased: the account goes on over that one. */
  async follow(): Promise<void> {
    const { directory, isStopping } = this.#deps
    const { parts } = directory
    if (parts === null || isStopping() || this.#forced !== null) return
    try {
      if (parts.fittingTransport() !== parts.transport) await directory.openAnew()
    } catch (error) {
      directory.failed(error)
    }
  }

  #connect(business: BusinessLink, connection: BusinessConnection): void {
    try {
      business.connect(connection)
    } catch (error) {
      if (error instanceof DaemonError) throw error
      this.#deps.directory.failed(error)
      throw new DaemonError('storage_error', { cause: error })
    }
  }
}
