import JSON5 from 'json5'
import { normalizePhoneNumber } from '../../src/access/numbers/phone-number.ts'

type Section = Readonly<Record<string, unknown>>

/** What a file's own words grant, read by themselves: no schema, no defaults but the closed ones. */
export class ConfigOracle {
  readonly #root: unknown
  readonly #channel: unknown

  /** Throws where the text is no JSON5. */
  constructor(text: string) {
    this.#root = JSON5.parse<unknown>(text.replace(/^\ufeff/, ''))
    const ofChannels = own(own(this.#root, 'channels'), 'whatsapp')
    this.#channel = ofChannels === undefined ? own(own(this.#root, 'connectors'), 'whatsapp') : ofChannels
  }

  /** Whether the account's list, under the account's policy, names this number, or everybody. */
  grants(account: string, number: string): boolean {
    const policy = this.#setting(account, 'dmPolicy') ?? 'allowlist'
    const list = this.#setting(account, 'allowFrom')
    if (!Array.isArray(list)) return false
    if (policy === 'open') return list.includes('*')
    if (policy !== 'allowlist' && policy !== 'pairing') return false
    return list.some((entry: unknown) => {
      if (typeof entry !== 'string' && typeof entry !== 'number') return false
      const normalized = normalizePhoneNumber(entry)
      return normalized.ok && normalized.e164 === number
    })
  }

  get forbidsWrites(): boolean {
    return own(this.#channel, 'configWrites') === false
  }

  daemon(...path: string[]): unknown {
    return path.reduce(own, own(this.#root, 'whatsappd'))
  }

  #setting(account: string, key: string): unknown {
    const ofAccount = own(own(own(this.#channel, 'accounts'), account), key)
    return ofAccount === undefined ? own(this.#channel, key) : ofAccount
  }
}

/** Only what stands in the file itself: nothing that an object inherits. */
function own(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Section)[key] // an object that has the key
}
