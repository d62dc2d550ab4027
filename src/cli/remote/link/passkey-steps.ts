import type { WhatsappdClient } from '../../../client/client.ts'
import { readPasskeyAnswer } from '../../../client/passkey/read-passkey-answer.ts'
import { RequestError } from '../../../client/request-error.ts'
import type { AccountPasskey } from '../../../protocol/account/account.ts'
import type { MethodParams } from '../../../protocol/methods.ts'
import type { TextQuestion } from '../../ask-text.ts'
import type { CommandContext } from '../../command-context.ts'
import { passkeyCode, passkeyPages, passkeyWait } from './passkey-text.ts'
import type { WaysToLink } from './ways-to-link.ts'

const TURN_PAGE: TextQuestion = {
  question: 'Press Enter for the steps.',
  hidden: true,
  isWhole: () => true,
  again: '',
}

const ANSWER: TextQuestion = {
  question: '3. Paste it here and press Enter (it is not shown):',
  hidden: true,
  isWhole: (text) => readPasskeyAnswer(text) !== null,
  again: 'This is no whole answer. Copy it from the first { to the last }.',
}

const COMPARISON: TextQuestion = {
  question: 'Does the phone show the same code? (yes or no)',
  hidden: false,
  isWhole: (text) => /^\s*(?:y|yes|n|no)\s*$/i.test(text),
  again: 'Please type yes or no.',
}

export interface PasskeyStepsDependencies {
  context: Pick<CommandContext, 'askText' | 'terminalSize'>
  client: Pick<WhatsappdClient, 'request'>
  ways: WaysToLink
  /** Resolves when it is written, behind everything before it. */
  print(text: string): Promise<void>
}

/** Leads a person through a passkey ceremony in the terminal. */
export class PasskeySteps {
  readonly #deps: PasskeyStepsDependencies
  /** Of the question that is open; the next step makes it pointless. */
  #question = new AbortController()
  #shown = ''

  constructor(deps: PasskeyStepsDependencies) {
    this.#deps = deps
  }

  /** The ceremony began, or came a step further. */
  moved(passkey: AccountPasskey): void {
    const { step, options, code } = passkey
    if (step === 'challenge' && options === undefined) return
    const shown = JSON.stringify([passkey.ceremonyId, step, options])
    if (shown === this.#shown) return
    this.#shown = shown
    this.end()
    this.#question = new AbortController()
    const { signal } = this.#question
    if (options !== undefined) void this.#sign({ ...passkey, options }, signal)
    else if (code !== undefined) void this.#compare({ ...passkey, code }, signal)
    else if (step === 'sent') void this.#deps.print(passkeyWait(passkey))
  }

  /** No question stays open. Idempotent. */
  end(): void {
    this.#question.abort()
  }

  async #sign(
    passkey: AccountPasskey & { options: NonNullable<AccountPasskey['options']> },
    signal: AbortSignal,
  ): Promise<void> {
    const { context, print } = this.#deps
    const { why, how, fits } = passkeyPages(passkey, context.terminalSize())
    await print(why)
    if (!fits) await this.#ask(TURN_PAGE, signal)
    if (signal.aborted) return
    await print(how)
    if (context.askText === null) return this.#sayNoTerminal()
    const { account, ceremonyId } = passkey
    for (;;) {
      const text = await this.#ask(ANSWER, signal)
      const assertion = text === null ? null : readPasskeyAnswer(text)
      if (assertion === null) return this.#sayHowToGoOn(signal)
      if (await this.#request('accounts.passkey.answer', { account, ceremonyId, assertion })) return
    }
  }

  async #compare(passkey: AccountPasskey & { code: string }, signal: AbortSignal): Promise<void> {
    const { context, print } = this.#deps
    await print(passkeyCode(passkey))
    if (context.askText === null) return this.#sayNoTerminal()
    const { account, ceremonyId } = passkey
    for (;;) {
      const text = await this.#ask(COMPARISON, signal)
      if (text === null) return this.#sayHowToGoOn(signal)
      const matches = /^y/i.test(text)
      if (await this.#request('accounts.passkey.confirm', { account, ceremonyId, matches })) return
    }
  }

  #ask(question: TextQuestion, signal: AbortSignal): Promise<string | null> {
    return this.#deps.context.askText?.(question, signal) ?? Promise.resolve(null)
  }

  /** True where there is nothing more to ask. */
  async #request<Name extends 'accounts.passkey.answer' | 'accounts.passkey.confirm'>(
    method: Name,
    params: MethodParams<Name>,
  ): Promise<boolean> {
    try {
      await this.#deps.client.request(method, params)
      return true
    } catch (error) {
      if (!(error instanceof RequestError)) throw error
      // Somebody else has answered meanwhile, or the ceremony has ended: the account says so.
      if (error.code === 'passkey_not_expected') return true
      await this.#deps.print(`\n${error.message} ${error.action ?? ''}`)
      return error.code !== 'passkey_answer_invalid' && !error.retryable
    }
  }

  /** Ctrl-D, where the ceremony itself has not gone on. */
  async #sayHowToGoOn(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const { qr, page } = this.#deps.ways
    await this.#deps.print(
      `\nNothing is asked here any more. To go on, run in another terminal:\n\n  ${qr}\n  ${page}  (the page)\n\nCtrl-C gives the link up.`,
    )
  }

  async #sayNoTerminal(): Promise<void> {
    await this.#deps.print(
      `\nThis command reads from no terminal, so that you cannot answer here. Open the\npage instead: ${this.#deps.ways.page}`,
    )
  }
}
