import type { WhatsappdClient } from '../../../client/client.ts'
import type { AccountView } from '../../../protocol/account/account.ts'
import type { BusinessStep } from '../../../protocol/account/business.ts'
import { accountLine } from './account-line.ts'
import { STEP_NAMES } from './business-lines.ts'
import type { CommandContext } from '../../command-context.ts'
import { CommandFailure, INTERRUPTED_EXIT_CODE } from '../../command-failure.ts'
import { wrapWords } from '../../wrap-words.ts'

/** The daemon waits for an answer of WhatsApp for each step. */
const TIMEOUT_MS = 180_000

/**
 * Finishes the set-up of a Business number with what the config or the environment has, and prints each step as it is done. Resolves when
 * the number can be used; throws `CommandFailure` with what stops it.
 */
export async function connectBusiness(
  context: CommandContext,
  client: WhatsappdClient,
  account: string,
): Promise<void> {
  const shown = new Map<BusinessStep['step'], string>()
  const printSteps = ({ business }: AccountView): void => {
    for (const { step, state, message } of business?.steps ?? []) {
      const text = `${STEP_NAMES[step]}: ${state}${message === null ? '' : `. ${message}`}`
      if (state === 'running' || shown.get(step) === text || (state === 'waiting' && message === null))
        continue
      shown.set(step, text)
      for (const line of wrapWords(text, '', 2)) context.print(line)
    }
  }
  let isAsked = false
  const followed = new Promise<void>((resolve, reject) => {
    const look = (view: AccountView): void => {
      if (view.account !== account) return
      printSteps(view)
      if (!isAsked || view.state === 'connecting' || view.state === 'reconnecting') return
      const isUsed = view.state === 'connected' || view.state === 'restricted'
      // One that was in use stays so while its steps are gone through again.
      if (isUsed && view.business?.steps.some(isUnderWay) === true) return
      context.print(wrapWords(accountLine(view), '', 2).join('\n'))
      if (isUsed) resolve()
      else reject(new CommandFailure('the Business number cannot be used yet'))
    }
    client.on('account.status', look)
    client.on('state', ({ state, error }) => {
      if (state !== 'ready') reject(error ?? new CommandFailure('the daemon stopped'))
    })
    context.signal.addEventListener(
      'abort',
      () =>
        reject(new CommandFailure('interrupted; the daemon goes on', { exitCode: INTERRUPTED_EXIT_CODE })),
      { once: true },
    )
    const request = client.request('accounts.connectBusiness', { account }, { timeoutMs: TIMEOUT_MS })
    request.then(({ account: view }) => {
      isAsked = true
      look(view)
    }, reject)
  })
  await followed
}

/** Of a step that waits for somebody outside, a message says so. */
function isUnderWay({ state, message }: BusinessStep): boolean {
  return state === 'running' || (state === 'waiting' && message === null)
}
