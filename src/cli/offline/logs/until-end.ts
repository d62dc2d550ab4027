import type { WhatsappdClient } from '../../../client/client.ts'
import type { CommandContext } from '../../command-context.ts'
import { CommandFailure } from '../../command-failure.ts'

/** Resolves at Ctrl-C; rejects where the connection ends before. */
export function untilEnd({ signal }: CommandContext, client: Pick<WhatsappdClient, 'on'>): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
    client.on('state', ({ state, error }) => {
      if (state !== 'ready') reject(error ?? new CommandFailure('the daemon stopped'))
    })
  })
}
