import { html } from 'lit'
import type { TemplateResult } from 'lit'
import type { MessageView } from '../../../protocol/conversations/message-view.ts'
import type { ThreadFrame } from '../conversations-frame.ts'

type Detail<Type extends MessageView['details'][number]['type']> = Extract<
  MessageView['details'][number],
  { type: Type }
>

/** Below the words of a message of ours: what the person may tap, and the template that it was made from. */
export function renderChoices({ say }: ThreadFrame, { details }: MessageView): TemplateResult | null {
  const choices = details.find((detail): detail is Detail<'choices'> => detail.type === 'choices')
  const template = details.find((detail): detail is Detail<'template'> => detail.type === 'template')
  const asksForNumber = details.some(({ type }) => type === 'numberRequest')
  if (choices === undefined && template === undefined && !asksForNumber) return null
  return html`${
    choices === undefined
      ? null
      : html`${choices.button === null ? null : html`<span class="small-print muted"><bdi>${choices.button}</bdi></span>`}
          <ul class="choices" aria-label=${say('Choices')}>
            ${choices.options.map(
              ({ title, description }) =>
                html`<li class="choice small-print">
                  <bdi>${title}</bdi
                  >${description === null ? null : html`<bdi class="muted">${description}</bdi>`}
                </li>`,
            )}
          </ul>`
  }
  ${asksForNumber ? html`<span class="choice small-print">${say('Asks for the phone number')}</span>` : null}
  ${
    template === undefined
      ? null
      : html`<span class="small-print muted">${say('Template: {name}', { name: template.name })}</span>`
  }`
}

/** The words of a message without the numbered lines that stand for its choices where these cannot be drawn. */
export function withoutChoices({ text, details }: Pick<MessageView, 'text' | 'details'>): string {
  const choices = details.find((detail): detail is Detail<'choices'> => detail.type === 'choices')
  if (choices === undefined) return text
  const lines = choices.options.map(({ title, description }, index) => {
    const words = description === null ? title : `${title} – ${description}`
    return `\n${index + 1}. ${words}`
  })
  const end = lines.join('')
  return text.endsWith(end) ? text.slice(0, text.length - end.length) : text
}
