import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { AccountView } from '../../../protocol/account/account.ts'
import { passkeyPageUrl } from '../../../client/passkey/passkey-page-url.ts'
import {
  COPY_COMMAND,
  type PasskeyOptions,
  passkeyScript,
  RELYING_PARTY,
} from '../../../client/passkey/passkey-script.ts'
import { readPasskeyAnswer } from '../../../client/passkey/read-passkey-answer.ts'
import { failureText } from '../../elements/note.ts'
import type { CardContext } from '../card-context.ts'
import { renderCopyField } from './copy-field.ts'

const ANSWER = 'passkey-answer'
/** The daemon takes no longer ones; what a console adds around an answer is not counted here. */
const LONGEST_ANSWER = 20_000

/** How a person signs in a browser: why, where, with the extension or without it, and the field for the answer. */
export function renderPasskeySteps(
  context: CardContext,
  passkey: NonNullable<AccountView['passkey']>,
): TemplateResult {
  const { account, say, state } = context
  const known = state.passkeys[account.account]
  const options = known?.ceremonyId === passkey.ceremonyId ? known.options : undefined
  const why = html`<p>
    ${say(
      'WhatsApp itself asks for it before it links a device to this account; nobody can skip that. You sign in a browser that has the passkey, and bring the answer here.',
    )}
  </p>`
  if (options === undefined)
    return html`${why}
      <div class="waiting"><span class="spinner"></span>${say('One moment…')}</div>`
  if (options['rpId'] !== RELYING_PARTY)
    return html`${why}
      <p>${say('This request is not for a passkey of WhatsApp. Do not sign it; cancel, and link again.')}</p>`
  return html`${why}
    <ol class="steps">
      <li><span>${say('Keep WhatsApp open on the phone, in front, until the end.')}</span></li>
      <li><div class="group">${renderWhere(context, passkey, options)}</div></li>
      <li><div class="group">${renderHow(context, options)}</div></li>
      <li><div class="group">${renderAnswer(context, passkey.ceremonyId)}</div></li>
    </ol>
    ${renderHelp(context)}`
}

function renderWhere(
  { say, live }: CardContext,
  { expiresAt }: { expiresAt: string },
  options: PasskeyOptions,
): TemplateResult {
  const href = passkeyPageUrl({ options, daemon: live.host, expiresAt })
  return html`<span
      >${say(
        'Open WhatsApp Web in a browser that has the passkey of this account, or on a computer with Bluetooth near the phone.',
      )}</span
    >
    <a class="button primary" part="button primary" href=${href} target="_blank" rel="noopener noreferrer"
      >${say('Open WhatsApp Web')}</a
    >`
}

function renderHow(context: CardContext, options: PasskeyOptions): TemplateResult {
  const { say } = context
  return html`<span
      >${say('With the whatsappd extension, press the button that it shows there.')}
      ${say(
        'Without it, open the console of that page (F12; on a Mac ⌥⌘J), paste this line, press Enter and sign:',
      )}</span
    >
    ${renderCopyField(context, 'passkey-script', say('The line for the console'), passkeyScript(options))}
    <span>${say('Then this line, which copies the answer:')}</span>
    ${renderCopyField(context, 'passkey-copy', say('The line that copies the answer'), COPY_COMMAND)}`
}

function renderAnswer(context: CardContext, ceremonyId: string): TemplateResult {
  const { say, ui, set, live, actions, disabled } = context
  // What was pasted for an earlier attempt is of no use for this one.
  const field = `${ANSWER} ${ceremonyId}`
  const failure = ui.errors[field] ?? failureText(say, live.failure('answerPasskey'))
  const input = ({ currentTarget }: InputEvent & { currentTarget: HTMLTextAreaElement }): void =>
    set({ typed: { ...ui.typed, [field]: currentTarget.value }, errors: {} })
  const send = async (event: Event): Promise<void> => {
    event.preventDefault()
    const answer = readPasskeyAnswer(ui.typed[field] ?? '')
    if (answer === null) {
      const problem = say('This is not the answer. Copy all of it, from { to }, and paste it once more.')
      return set({ errors: { [field]: problem }, focus: `#${ANSWER}` })
    }
    const isTaken = await actions.answerPasskey(ceremonyId, answer)
    set(isTaken ? { typed: {}, focus: '#passkey-heading' } : { focus: `#${ANSWER}` })
  }
  return html`<form novalidate @submit=${send}>
    <label for=${ANSWER}>${say('Paste the answer here')}</label>
    <textarea
      id=${ANSWER}
      part="input"
      rows="3"
      dir="ltr"
      autocomplete="off"
      spellcheck="false"
      maxlength=${LONGEST_ANSWER}
      .value=${ui.typed[field] ?? ''}
      aria-invalid=${failure !== ''}
      aria-describedby="${ANSWER}-error"
      @input=${input}
    ></textarea>
    <p id="${ANSWER}-error" class="field-error" role="alert" ?hidden=${failure === ''}>${failure}</p>
    <button class="primary" part="button primary" ?disabled=${disabled}>
      ${live.busy === 'answerPasskey' ? say('One moment…') : say('Send the answer')}
    </button>
  </form>`
}

function renderHelp({ say }: CardContext): TemplateResult {
  return html`<details>
    <summary>${say('It does not work')}</summary>
    <div class="group small-print">
      <p>
        ${say(
          'The browser has no passkey: on Android it is in Chrome with the same Google account, on iPhone in a browser on a Mac with the same Apple account. Elsewhere choose “use a phone or tablet” and scan what the browser shows; Bluetooth must be on.',
        )}
      </p>
      <p>
        ${say(
          'The browser refuses to paste into the console: type what it asks for there, such as “allow pasting”.',
        )}
      </p>
      <p>
        ${say(
          'There is no passkey yet: WhatsApp on the phone offers to create one. Cancel here, and link again.',
        )}
      </p>
    </div>
  </details>`
}
