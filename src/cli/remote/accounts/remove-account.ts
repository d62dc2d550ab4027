import type { WhatsappdClient } from '../../../client/client.ts'
import { RequestError } from '../../../client/request-error.ts'
import type { MethodResult } from '../../../protocol/methods.ts'
import type { CommandContext } from '../../command-context.ts'
import { requireConsent } from '../../require-consent.ts'

/** Removes an account. Asks the person where the daemon cannot know whether a link is lost with it. Throws what the daemon says, and `CommandFailure`. */
export async function removeAccount(
  context: CommandContext,
  client: WhatsappdClient,
  account: string,
  isConfirmed: boolean,
): Promise<MethodResult<'accounts.remove'>> {
  try {
    return await client.request('accounts.remove', { account })
  } catch (error) {
    if (!(error instanceof RequestError) || error.code !== 'confirmation_required') throw error
    await requireConsent(context, { effect: error.message, question: 'Remove it?', isGiven: isConfirmed })
    return client.request('accounts.remove', { account, confirm: ['link'] })
  }
}
