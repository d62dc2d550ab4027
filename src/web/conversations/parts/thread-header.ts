import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from '../../elements/controls/button.ts'
import { renderQuestion } from '../../elements/controls/confirm.ts'
import type { Question } from '../../elements/controls/confirm.ts'
import { renderMenu } from '../../elements/controls/menu.ts'
import type { MenuItem } from '../../elements/controls/menu.ts'
import { renderFailure } from '../../elements/note.ts'
import { assistantSentences } from '../text/assistant-words.ts'
import { conversationName } from '../text/conversation-name.ts'
import type { ThreadFrame } from '../conversations-frame.ts'
import { renderAvatar } from './avatar.ts'
import { mayTemplate } from './template-offer.ts'
import { whyNoReply } from './why-no-reply.ts'

/** Who it is, whether the assistant answers there, and what can be done about it. */
export function renderThreadHeader(frame: ThreadFrame): TemplateResult {
  const { say, view, open, live } = frame
  const name = conversationName(say, view)
  const failed = live.failure('assistant') ?? live.failure('forget') ?? live.failure('requestNumber')
  const facts = [
    view.phoneNumber === name ? null : view.phoneNumber,
    view.kind === 'group' ? say('Group') : null,
    say(view.source === 'cloud-api' ? 'Cloud API' : 'Linked device'),
  ].filter((fact) => fact !== null)
  const question = forgetQuestion(frame)
  return html`<header class="thread-head" part="thread-header">
    <div class="person-line">
      ${renderBack(say, open)} ${renderAvatar(say, view)}
      <div class="title">
        <h3 id="thread-title" tabindex="-1"><bdi>${name}</bdi></h3>
        <div class="muted small-print">
          ${facts.map((fact, index) => html`${index === 0 ? null : ' · '}<bdi>${fact}</bdi>`)}
        </div>
        ${renderNumberRequest(frame)}
      </div>
      ${renderMenu(frame, say('More of this conversation'), menuItems(frame))}
    </div>
    ${renderAssistant(frame)} ${failed === null ? null : renderFailure(say, failed)}
    ${renderQuestion(frame, question)}
  </header>`
}

/** Asks a person whose number WhatsApp does not tell for it: they share it by one press, or do not. */
function renderNumberRequest(frame: ThreadFrame): TemplateResult | null {
  const { say, view, account, chat, disabled } = frame
  const isUnknown = view.kind === 'direct' && view.phoneNumber === null
  if (!isUnknown || account.capabilities?.asksForNumber !== true || whyNoReply(frame) !== null) return null
  const words = say('Please share your phone number with us.')
  return button(say('Ask for the number'), () => chat.requestNumber(words), { kind: 'small', disabled })
}

/** The way back to the list, where there is room for one of both only. */
export function renderBack(say: ThreadFrame['say'], open: (conversationId: null) => void): TemplateResult {
  return html`<span class="back"
    >${button(html`<span aria-hidden="true" class="arrow">‹</span>`, () => open(null), {
      kind: 'icon',
      id: 'back',
      name: say('Back to the conversations'),
    })}</span
  >`
}

function menuItems(frame: ThreadFrame): MenuItem[] {
  const { say, can, set, ui } = frame
  return [
    ...(mayTemplate(frame)
      ? [{ label: say('Send a template'), run: () => set({ template: '', focus: '#template-title' }) }]
      : []),
    {
      label: say(ui.showsDetails ? 'Close the details' : 'Details'),
      run: () => set({ showsDetails: !ui.showsDetails }),
    },
    ...(can('conversations.forget')
      ? [{ label: say('Forget this person'), run: () => set({ asking: 'forget', focus: '#keep' }) }]
      : []),
  ]
}

function forgetQuestion({ say, chat, conversations, view }: ThreadFrame): Question {
  return {
    key: 'forget',
    label: '',
    name: say('Forget this person'),
    question: say(
      'Everything that was said, files and details are erased here for good. The person may still write. Where the assistant is off, or somebody holds the chat, that stays. Backups, and what left this sandbox already, are not reached.',
    ),
    yes: say('Yes, forget'),
    run: async () => {
      if (await chat.forget()) conversations.forgotten(view.conversationId)
    },
  }
}

function renderAssistant(frame: ThreadFrame): TemplateResult {
  const { say, view, can, chat, disabled, nowMs, locale } = frame
  const { state, reason } = view.assistant
  const isOff = state === 'off'
  const mayTakeOver = can('conversations.takeOver') && (state === 'on' || state === 'waiting')
  const mayResume = can('conversations.resume') && (state === 'paused' || state === 'waiting')
  return html`<div class="assistant ${state}" part="assistant">
    <p class="small-print" role="status" id="assistant-state">
      ${assistantSentences(say, view.assistant, nowMs, locale)}
      ${reason === null ? null : html`<bdi class="muted">${reason}</bdi>`}
    </p>
    <div class="row">
      ${
        mayTakeOver
          ? button(say('Take over'), () => chat.takeOver(), {
              kind: 'small',
              name: say('Take over from the assistant'),
              disabled,
            })
          : null
      }
      ${
        mayResume
          ? button(say('Hand back'), () => chat.resume(), {
              kind: 'small',
              name: say('Hand back to the assistant'),
              disabled,
            })
          : null
      }
      ${
        can('conversations.setAssistant')
          ? html`<span class="toggle"
              ><span aria-hidden="true">${say('Assistant')}</span
              ><button
                type="button"
                id="assistant-switch"
                part="switch"
                class="switch"
                role="switch"
                aria-checked=${!isOff}
                aria-label=${say('Assistant')}
                aria-describedby="assistant-state"
                ?disabled=${disabled}
                @click=${() => chat.setAssistant(isOff)}
              ></button
            ></span>`
          : null
      }
    </div>
  </div>`
}
