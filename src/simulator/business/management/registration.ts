import type { BusinessEnvironment } from '../business-environment.ts'
import { DAY_MS } from '../business-habits.ts'
import { GraphError } from '../graph/graph-error.ts'
import type { BusinessNumber } from './business-number.ts'

const PIN = /^\d{6}$/
const MOST_REGISTRATIONS = 10
const REGISTRATIONS_WITHIN_MS = 3 * DAY_MS
const MOST_WRONG_PINS = 5
const PIN_LOCK_MS = DAY_MS / 2

/** `POST /<number>/register`: the PIN is the one in force, or becomes it where there is none. Throws `GraphError`. */
export function register(
  env: BusinessEnvironment,
  number: BusinessNumber,
  body: Record<string, unknown>,
): object {
  const { pin } = body
  if (body['messaging_product'] !== 'whatsapp')
    throw new GraphError(100, { details: 'The parameter messaging_product is required.' })
  if (typeof pin !== 'string' || !PIN.test(pin))
    throw new GraphError(100, { details: 'Param pin must be 6 digits.' })
  if (number.state.isOnBusinessApp)
    throw new GraphError(100, { details: 'A number of the WhatsApp Business app is not registered by API.' })
  countAttempt(env, number)
  const { state } = number
  if (state.status === 'DELETED') throw new GraphError(133015)
  if (!number.isRegistered && state.codeVerification !== 'VERIFIED') throw new GraphError(133006)
  if (state.pin !== null) checkPin(env, number, pin)
  if (state.status === 'MIGRATED' && number.account.subscribedApps.size === 0)
    throw new GraphError(100, {
      details: 'Webhooks have not been set up for the destination WhatsApp Business account.',
    })
  number.wrongPins = 0
  Object.assign(state, { pin, status: 'CONNECTED', platform: 'CLOUD_API' })
  env.changed()
  return { success: true }
}

/** Too many wrong ones, and for half a day no PIN is looked at. */
function checkPin({ now }: BusinessEnvironment, number: BusinessNumber, pin: string): void {
  if (number.pinLockedUntil <= now()) {
    if (number.state.pin === pin) return
    number.wrongPins++
    if (number.wrongPins <= MOST_WRONG_PINS)
      throw new GraphError(133005, { details: 'The two-step verification PIN does not match.' })
    number.wrongPins = 0
    number.pinLockedUntil = now() + PIN_LOCK_MS
  }
  const hours = Math.ceil((number.pinLockedUntil - now()) / (DAY_MS / 24))
  throw new GraphError(133008, { details: `Too many PIN guesses. Please try again in ${hours} hours.` })
}

/** `POST /<number>/deregister`: not for a number that is in the Business app, which is disconnected there. */
export function deregister(env: BusinessEnvironment, number: BusinessNumber): object {
  if (number.state.isOnBusinessApp)
    throw new GraphError(100, {
      details: 'Disconnect it in the WhatsApp Business app: Settings > Account > Business Platform.',
    })
  countAttempt(env, number)
  if (!number.isRegistered) throw new GraphError(133010)
  Object.assign(number.state, { status: 'DISCONNECTED', platform: 'NOT_APPLICABLE' })
  env.changed()
  return { success: true }
}

/** `POST /<number>/request_code`. */
export function requestCode(
  number: BusinessNumber,
  { code_method: method }: Record<string, unknown>,
): object {
  if (method !== 'SMS' && method !== 'VOICE')
    throw new GraphError(100, { details: 'Param code_method must be SMS or VOICE.' })
  if (number.state.codeVerification === 'VERIFIED')
    throw new GraphError(100, { details: 'The phone number is verified already.' })
  return { success: true }
}

/** The code that comes by SMS in this simulation. */
const VERIFICATION_CODE = '123456'

/** `POST /<number>/verify_code`. */
export function verifyCode(number: BusinessNumber, { code }: Record<string, unknown>): object {
  if (code !== VERIFICATION_CODE) throw new GraphError(100, { details: 'The code is not right.' })
  number.state.codeVerification = 'VERIFIED'
  return { success: true }
}

/** Ten in 72 hours, of both calls together. */
function countAttempt({ now }: BusinessEnvironment, { registrations }: BusinessNumber): void {
  const since = now() - REGISTRATIONS_WITHIN_MS
  while (registrations[0] !== undefined && registrations[0] <= since) registrations.shift()
  if (registrations.length >= MOST_REGISTRATIONS) {
    const minutes = Math.ceil(((registrations[0] ?? now()) - since) / 60_000)
    throw new GraphError(133016, {
      details: `There were too many register and deregister requests. Try again in ${minutes} minutes.`,
    })
  }
  registrations.push(now())
}
