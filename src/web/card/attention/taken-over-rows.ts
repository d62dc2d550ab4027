import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { ConversationView } from '../../../protocol/conversations/conversation-view.ts'
import { button } from '../../elements/controls/button.ts'
import { renderFailure } from '../../elements/note.ts'
import type { CardContext } from '../card-context.ts'
import { formatDateTime } from '../text/time.ts'
import { renderRest } from './rest.ts'

const SHOWN = 5

/** The first of `count` chats that a person has taken over, each until when, with "Hand back"; none where they may not be seen. */
export function renderTakenOverRows(
  context: CardContext,
  chats: readonly ConversationView[],
  count: number,
): TemplateResult {
  const shown = chats.slice(0, SHOWN)
  const rest = shown.length === 0 ? 0 : count - shown.length
  return html`<p class="muted small-print">
      ${context.say('The assistant answers nothing in these chats until they are handed back.')}
    </p>
    ${
      shown.length === 0
        ? null
        : html`<ul class="rows">
            ${shown.map((chat) => renderChat(context, chat))}
          </ul>`
    }
    ${renderRest(context, rest)}`
}

function renderChat(context: CardContext, chat: ConversationView): TemplateResult {
  const { can, disabled, live, locale, say } = context
  const { name, phoneNumber, kind, conversationId, assistant } = chat
  const { until } = assistant
  const number = phoneNumber ?? name ?? say(kind === 'group' ? 'A group' : 'Somebody')
  const end =
    until === null
      ? say('Until somebody hands back.')
      : say('Until {date}.', { date: formatDateTime(until, locale) })
  const failure = live.failure(handBackOf(conversationId))
  return html`<li>
      <div class="who">
        <div class="clamped">
          <strong class="number"><bdi>${number}</bdi></strong>
          ${phoneNumber === null || name === null ? null : html`<bdi>${name}</bdi>`}
        </div>
        <div class="muted small-print">${end}</div>
      </div>
      ${
        can('conversations.resume')
          ? button(say('Hand back'), () => handBack(context, chat), {
              kind: 'small',
              name: say('Hand {name} back to the assistant', { name: number }),
              disabled,
            })
          : null
      }
    </li>
    ${failure === null ? null : html`<li>${renderFailure(say, failure)}</li>`}`
}

/** The assistant answers there again, and the chat is gone from the list. */
async function handBack({ account: { account }, live }: CardContext, view: ConversationView): Promise<void> {
  const { conversationId } = view
  await live.perform(handBackOf(conversationId), async (client) => {
    const { assistant } = await client.request('conversations.resume', {
      account,
      conversation: conversationId,
    })
    live.dispatch({ type: 'conversation', account, view: { ...view, assistant } })
  })
}

function handBackOf(conversationId: string): string {
  return `handBack ${conversationId}`
}
