import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { RequestError } from '../../../client/request-error.ts'
import { button } from '../../elements/controls/button.ts'
import { renderFailure, renderNote } from '../../elements/note.ts'
import type { CardContext } from '../card-context.ts'
import type { CardText } from '../text/card-texts.ts'
import type { BusinessSignup, SignupResult, SignupStop } from './business-signup.ts'

/** Meta is asked several things, one after the other. */
const SLOW = { timeoutMs: 120_000 }
/** How often it is looked whether another action is over; each is, within a minute. */
const LOOK_MS = 100

/** Where a person closed Meta's window, by Meta's `current_step`. */
const PLACES: Readonly<Record<string, CardText>> = {
  BUSINESS_ACCOUNT_SELECTION: 'the choice of the business account',
  WABA_PHONE_PROFILE_PICKER: 'the choice of the number',
  WHATSAPP_BUSINESS_PROFILE_SETUP: 'the profile of the business',
  PHONE_NUMBER_SETUP: 'the phone number',
  PHONE_NUMBER_VERIFICATION: 'the code that proves the number',
  PERMISSIONS: 'the permissions',
}

/**
 * The button that connects a Business number, and what came of it; the page around the card runs the sign-up of Meta. Nothing where the
 * page offers none. What a page puts into the slot takes the place of the button.
 */
export function renderSignup(context: CardContext): TemplateResult | null {
  const { say, set, ui, can, live, businessSignup } = context
  if (!businessSignup || !can('accounts.connectBusiness')) return null
  if (live.busy === 'connectBusiness')
    return html`<div class="waiting" role="status">
      <span class="spinner"></span>${say('The number is being connected.')}
    </div>`
  if (ui.signup?.isWaiting === true)
    return html`<div class="waiting" role="status">
        <span class="spinner"></span>${say('Finish the sign-up in the window of Meta.')}
      </div>
      <div class="actions">${button(say('Cancel'), () => set({ signup: null, focus: '#signup' }))}</div>`
  const failure = live.failure('connectBusiness')
  return html`<section>
    <h3>${say('WhatsApp Business')}</h3>
    <p class="muted small-print">
      ${say('A number of your business account at Meta: it needs no phone and no QR code.')}
    </p>
    ${ui.signup === null ? null : renderStop(context, ui.signup)}
    ${failure === null ? null : renderFailure(say, failure)}
    <slot name="business-signup" @click=${(event: Event) => start(context, event)}>
      <div class="actions">
        ${button(say('Connect a Business number'), () => null, { id: 'signup', disabled: context.disabled })}
      </div>
    </slot>
  </section>`
}

/** Where the person stopped, and what Meta said. */
function renderStop({ say }: CardContext, { step, message }: SignupStop): TemplateResult {
  const place = step === null ? undefined : Object.hasOwn(PLACES, step) ? PLACES[step] : undefined
  const where =
    step === null ? null : say('You stopped at: {step}.', { step: place === undefined ? step : say(place) })
  return html`<div role="status">
    ${renderNote(
      'idle',
      where ?? say('The sign-up was not finished.'),
      message === null ? '' : say('Meta said: {message}', { message }),
    )}
  </div>`
}

/** Tells the page at once, while the browser still lets it open a window for the press. */
function start(context: CardContext, { currentTarget }: Event): void {
  const { set, account, disabled } = context
  const root = currentTarget instanceof Element ? currentTarget.getRootNode() : null
  if (disabled || !(root instanceof ShadowRoot)) return
  let isOver = false
  let isTold = false
  const detail: BusinessSignup = {
    account: account.account,
    connect: async (result) => {
      isOver = true
      await connect(context, result)
    },
    cancel: (reason) => {
      const stop = readStop(reason)
      const isEmpty = stop.step === null && stop.message === null
      // Meta tells it twice, in any order, and only once why.
      if (isTold && isEmpty) return
      isOver = true
      isTold ||= !isEmpty
      set({ signup: { isWaiting: false, ...stop } })
    },
  }
  context.live.clearFailure()
  const init = { bubbles: true, composed: true, cancelable: true, detail }
  const isTaken = root.host.dispatchEvent(new CustomEvent('whatsapp-business-signup', init))
  if (!isOver) set({ signup: isTaken ? { isWaiting: true, step: null, message: null } : null })
}

/** Hands over what the sign-up brought, once nothing else is under way: a code of Meta can be exchanged once only. */
async function connect({ account, live, set }: CardContext, result: SignupResult): Promise<void> {
  set({ signup: null })
  while (live.busy !== null) await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  const isDone = await live.perform('connectBusiness', (client) =>
    client.request('accounts.connectBusiness', { account: account.account, ...result }, SLOW),
  )
  if (isDone) return
  throw (
    live.failure('connectBusiness') ??
    new RequestError('connection_lost', 'The card has no connection to the daemon.', { retryable: true })
  )
}

/** Of what a page has: Meta's `data` of the event `CANCEL`, all of that event, or a sentence. */
export function readStop(reason: unknown): Pick<SignupStop, 'step' | 'message'> {
  if (typeof reason === 'string') return { step: null, message: reason === '' ? null : reason }
  const given = recordOf(reason)
  const data = 'data' in given ? recordOf(given['data']) : given
  const text = (...names: string[]): string | null => {
    const found = names.map((name) => data[name]).find((value) => typeof value === 'string' && value !== '')
    return typeof found === 'string' ? found : null
  }
  const [message, code] = [text('error_message', 'message'), text('error_code', 'error_id')]
  return {
    step: text('current_step', 'currentStep'),
    message: message === null || code === null ? (message ?? code) : `${message} (${code})`,
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
