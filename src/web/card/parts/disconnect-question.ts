import type { Question } from '../../elements/controls/confirm.ts'
import type { CardContext } from '../card-context.ts'
import { business } from '../late-parts.ts'

/** The question before an account is unlinked, for the buttons and for the list. */
export function disconnectQuestion(context: CardContext): Question {
  const { say, actions, account } = context
  return {
    key: 'disconnect',
    label: say('Disconnect'),
    name: say('Disconnect'),
    question: account.business
      ? business.draw(context, (parts) => parts.renderDisconnectWords(context))
      : say(
          'The link is removed from the phone and its credentials are erased here. A new scan is needed to connect again; the history is kept.',
        ),
    yes: say('Yes, disconnect'),
    run: actions.disconnect,
  }
}
