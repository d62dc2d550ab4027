import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { ConversationView } from '../../../protocol/conversations/conversation-view.ts'
import { button } from '../../elements/controls/button.ts'
import { renderFailure } from '../../elements/note.ts'
import { contactFieldLabel } from '../text/contact-field-label.ts'
import { conversationName } from '../text/conversation-name.ts'
import type { ContactField } from '../state/contact-fields.ts'
import { fieldKey, withoutConversation } from '../state/ui-of-conversation.ts'
import { formatDateTime } from '../../card/text/time.ts'
import type { ConversationsText } from '../text/conversations-texts.ts'
import type { ThreadFrame } from '../conversations-frame.ts'

type Field = ConversationView['fields'][number]

const SET_BY: Readonly<Record<Field['setBy'], ConversationsText>> = {
  agent: 'set by the assistant',
  owner: 'set by a person',
  api: 'set by a program',
}

/** What is noted about the person, and who noted it; for tokens that may, to be changed. */
export function renderContactPanel(frame: ThreadFrame): TemplateResult {
  const { say, view, can, chat, disabled, live, set, ui, shown } = frame
  const declared = shown.contactFields.withNoted(view.fields)
  const failed = live.failure('fields')
  const save = async (): Promise<void> => {
    const fields = changedFields(frame, declared)
    if (Object.keys(fields).length === 0 || !(await chat.setFields(fields))) return
    set({ typed: withoutConversation(ui, view.conversationId).typed })
  }
  return html`<section
    class="contact"
    part="contact"
    aria-label=${say('Details of {name}', { name: conversationName(say, view) })}
  >
    ${declared.map((each) => renderField(frame, each))} ${failed === null ? null : renderFailure(say, failed)}
    <div class="actions">
      ${can('conversations.setContact') ? button(say('Save the details'), save, { kind: 'small primary', disabled }) : null}
      ${button(say('Close the details'), () => set({ showsDetails: false, focus: '#ask-menu' }), { kind: 'small' })}
    </div>
  </section>`
}

function renderField(frame: ThreadFrame, declared: ContactField): TemplateResult {
  const { name } = declared
  const { say, view, ui, set, can, locale } = frame
  const field = view.fields.find((each) => each.name === name)
  const key = fieldKey(view.conversationId, name)
  const label = contactFieldLabel(say, declared)
  const id = `field-${name}`
  const input = ({
    currentTarget,
  }: Event & { currentTarget: HTMLInputElement | HTMLTextAreaElement }): void =>
    set({ typed: { ...ui.typed, [key]: currentTarget.value } })
  const value = ui.typed[key] ?? field?.value ?? ''
  const isReadOnly = !can('conversations.setContact')
  return html`<div class="contact-field">
    <label for=${id}><bdi>${label}</bdi></label>
    ${
      name === 'notes'
        ? html`<textarea
            id=${id}
            rows="2"
            dir="auto"
            part="input"
            ?readonly=${isReadOnly}
            .value=${value}
            @input=${input}
          ></textarea>`
        : html`<input
            id=${id}
            type="text"
            dir="auto"
            part="input"
            autocomplete="off"
            ?readonly=${isReadOnly}
            .value=${value}
            @input=${input}
          />`
    }
    ${
      field === undefined
        ? null
        : html`<span class="small-print muted"
            >${say(SET_BY[field.setBy])} · <bdi>${formatDateTime(field.at, locale)}</bdi></span
          >`
    }
  </div>`
}

/** Only what was changed is sent, so that what somebody else notes meanwhile stays. */
function changedFields(
  { view, ui }: ThreadFrame,
  declared: readonly ContactField[],
): Record<string, string | null> {
  const changes = declared.flatMap(({ name }): [string, string | null][] => {
    const typed = ui.typed[fieldKey(view.conversationId, name)]?.trim()
    const known = view.fields.find((each) => each.name === name)?.value ?? ''
    return typed === undefined || typed === known ? [] : [[name, typed === '' ? null : typed]]
  })
  return Object.fromEntries(changes)
}
