import type { Account, KeyRefusal, UnkeyedDevice } from './account.ts'
import type { MessageRouter } from './message-router.ts'

const REFUSALS: readonly KeyRefusal[] = ['404', '406', 'left-out']
/** One question for a list in this many finds it changed. */
const QUESTIONS_A_CHANGE = 8

interface UnkeyedDevicesDeps {
  random: (size: number) => Buffer
  router: Pick<MessageRouter, 'announceDevice'>
}

/**
 * Devices that appear in people's lists and disappear again before they have keys. Every phone has one at first; one
 * question for its list in eight finds that it was removed, or that another one was added.
 */
export class UnkeyedDevices {
  readonly #deps: UnkeyedDevicesDeps

  constructor(deps: UnkeyedDevicesDeps) {
    this.#deps = deps
  }

  add(account: Account, refusal: KeyRefusal = this.#anyRefusal()): UnkeyedDevice {
    const device = { deviceId: account.nextDeviceId(), refusal }
    account.unkeyedDevices.push(device)
    this.#deps.router.announceDevice({ account, deviceId: device.deviceId }, 'add')
    return device
  }

  remove(account: Account, device: UnkeyedDevice): void {
    const index = account.unkeyedDevices.indexOf(device)
    if (index < 0) return
    account.unkeyedDevices.splice(index, 1)
    this.#deps.router.announceDevice({ account, deviceId: device.deviceId }, 'remove')
  }

  /** Called for each question for the list of this account. */
  asked(account: Account): void {
    if (this.#deps.random(1).readUInt8() % QUESTIONS_A_CHANGE !== 0) return
    const [present] = account.unkeyedDevices
    if (present === undefined) this.add(account)
    else this.remove(account, present)
  }

  #anyRefusal(): KeyRefusal {
    return REFUSALS[this.#deps.random(1).readUInt8() % REFUSALS.length] ?? '404'
  }
}
