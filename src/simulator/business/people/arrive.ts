import type { BusinessEnvironment } from '../business-environment.ts'
import { GraphError } from '../graph/graph-error.ts'
import type { BusinessNumber } from '../management/business-number.ts'
import { pushStatus } from '../messages/push-status.ts'
import { showMessage } from '../messages/show-message.ts'
import type { StoredMessage } from '../messages/stored-message.ts'

/** How much later `delivered` is told where `read` overtakes it. */
const OVERTAKEN_BY_MS = 60
/** More than any delay between two messages of a swapped pair. */
const SWAPPED_BY_MS = 80

/** What becomes of a message of a business after it was accepted. */
export const arrive = {
  /** On its way to the phone: shown there as soon as the phone can be reached. */
  message(env: BusinessEnvironment, number: BusinessNumber, message: StoredMessage): void {
    const failure = env.faults.lateFailures.strike(number.phoneNumber)
    if (failure !== undefined)
      return arrive.fail(env, {
        number,
        message,
        error: new GraphError(failure.code, { details: failure.details }),
      })
    const pricedAt = env.random.pick(['sent', 'delivered'] as const)
    const isReaction = message.type === 'reaction'
    const isPricedNow = isReaction ? env.habits.pricesReactions : pricedAt === 'sent'
    pushStatus(env, { number, message, status: 'sent', hasPricing: isPricedNow })
    const show = (): void =>
      message.person.whenOnline(() => {
        if (!showMessage(env, number, message)) return
        if (isReaction) return
        const isOvertaken = env.random.chance(env.habits.readFirstRate)
        pushStatus(env, {
          number,
          message,
          status: 'delivered',
          hasPricing: pricedAt === 'delivered',
          delayMs: isOvertaken ? OVERTAKEN_BY_MS : 0,
        })
      })
    if (env.faults.swapsMessages && env.random.chance(0.5)) env.later.after(SWAPPED_BY_MS, show)
    else show()
  },

  read(env: BusinessEnvironment, number: BusinessNumber, message: StoredMessage): void {
    if (message.direction === 'out' && message.type !== 'reaction')
      pushStatus(env, { number, message, status: 'read' })
  },

  /** It was accepted, and is not delivered after all. */
  fail(
    env: BusinessEnvironment,
    o: { number: BusinessNumber; message: StoredMessage; error: GraphError },
  ): void {
    pushStatus(env, { ...o, status: 'failed' })
  },
}
