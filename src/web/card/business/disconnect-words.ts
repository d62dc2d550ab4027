import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { CardContext } from '../card-context.ts'

/** What "Disconnect" does to a Business number, and what has to be deleted elsewhere for it to last. */
export function renderDisconnectWords({ say, account, hosted }: CardContext): TemplateResult {
  const source = account.business?.source ?? null
  return html`${say(
    'WhatsApp stops sending messages of this number here, and its access token is forgotten. The history is kept, and so is the number at Meta.',
  )}
  ${
    source === 'connected' || source === null
      ? null
      : hosted
        ? say('The people who run your sandbox then have to delete its access token in the settings.')
        : say('What the config file or the environment has of it stays there; the card names it afterwards.')
  }`
}
