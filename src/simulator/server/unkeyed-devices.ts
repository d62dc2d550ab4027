import type { Account } from './account.ts'
import type { Network } from './network.ts'

/** How the server answers whoever asks for keys that are not there: with an error, or by leaving the device out. */
export type KeyRefusal = '404' | '406' | 'left-out'

/** A device that is listed and has no keys: somebody has just linked it, or gave it up half-way. */
export interface UnkeyedDevice {
  deviceId: number
  refusal: KeyRefusal
}

const REFUSALS: readonly KeyRefusal[] = ['404', '406', 'left-out']
/** One question for a list in so many finds it changed. */
const QUESTIONS_A_CHANGE = 8

/**
 * Devices of people that come and go before they have keys. Every phone has one at first; whoever asks for its list
 * finds, now and then, that it went or that another one came.
 */
export class UnkeyedDevices {
  readonly #network: Pick<Network, 'random'> & { router: Pick<Network['router'], 'announceDevice'> }

  constructor(network: Pick<Network, 'random'> & { router: Pick<Network['router'], 'announceDevice'> }) {
    this.#network = network
  }

  add(account: Account, refusal: KeyRefusal = this.#anyRefusal()): UnkeyedDevice {
    const device = { deviceId: account.nextDeviceId(), refusal }
    account.unkeyedDevices.push(device)
    this.#network.router.announceDevice({ account, deviceId: device.deviceId }, 'add')
    return device
  }

  remove(account: Account, device: UnkeyedDevice): void {
    const index = account.unkeyedDevices.indexOf(device)
    if (index < 0) return
    account.unkeyedDevices.splice(index, 1)
    this.#network.router.announceDevice({ account, deviceId: device.deviceId }, 'remove')
  }

  /** Somebody asks for the list of this account. */
  asked(account: Account): void {
    if (this.#network.random(1).readUInt8() % QUESTIONS_A_CHANGE !== 0) return
    const [present] = account.unkeyedDevices
    if (present === undefined) this.add(account)
    else this.remove(account, present)
  }

  #anyRefusal(): KeyRefusal {
    return REFUSALS[this.#network.random(1).readUInt8() % REFUSALS.length] ?? '404'
  }
}
