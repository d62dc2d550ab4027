import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { ConversationView } from '../../../protocol/conversations/conversation-view.ts'
import type { Words } from '../../elements/language/words.ts'
import { conversationName } from '../text/conversation-name.ts'
import type { ConversationsText } from '../text/conversations-texts.ts'

/** A letter in the place of a picture; decoration. */
export function renderAvatar(say: Words<ConversationsText>, view: ConversationView): TemplateResult {
  const [letter = ''] = conversationName(say, view).replace(/^[^\p{L}\p{N}]+/u, '')
  return html`<span class="avatar ${view.kind}" aria-hidden="true">${letter.toLocaleUpperCase()}</span>`
}
