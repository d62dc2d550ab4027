import type { Context } from 'hono'
import type { SimulatedPhone } from '../phones/phone.ts'
import type { LinkedCompanion } from '../server/linked-companion.ts'
import type { Simulator } from '../simulator.ts'

/**
 * The answer to a scan or a typed code: 200 with the number of the linked device, or 202 without one as soon as the phone
 * demands its passkey. What comes of that is in the state. Rejects when the link does not begin.
 */
export async function linkedOrAsked(
  context: Context,
  simulator: Simulator,
  phone: SimulatedPhone,
  link: Promise<LinkedCompanion>,
): Promise<Response> {
  let stopListening = (): void => undefined
  const asked = new Promise<undefined>((resolve) => {
    const look = (): void => {
      if (phone.passkeys.ceremony !== undefined) resolve(undefined)
    }
    stopListening = simulator.onChange(look)
    look()
  })
  try {
    const companion = await Promise.race([link, asked])
    // A link that fails later is seen in the state.
    link.catch(() => undefined)
    return companion === undefined
      ? context.json({ deviceId: null, demands: 'passkey' }, 202)
      : context.json({ deviceId: companion.deviceId })
  } finally {
    stopListening()
  }
}
