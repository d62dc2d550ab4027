import { html } from 'lit'
import type { TemplateResult } from 'lit'
import { button } from '../../elements/controls/button.ts'
import { crossIcon } from '../../elements/icons.ts'
import { renderFailure } from '../../elements/note.ts'
import { onKey } from '../../elements/keyboard/on-key.ts'
import type { ThreadFrame } from '../conversations-frame.ts'
import { isWindowClosed } from '../parts/why-no-reply.ts'
import { renderTemplateForm } from './template-form.ts'
import { templateKey, templateListOf } from './template-list.ts'
import type { Template, TemplateList } from './template-list.ts'

const FILTER = 'template-filter'
/** More of them, and there is a field to search in. */
const FEW = 6

/** Choosing a template, then filling it in. Escape goes one step back. */
export function renderTemplatePanel(frame: ThreadFrame): TemplateResult {
  const { say, set, ui, view } = frame
  const list = templateListOf(frame)
  const chosen = list.templates?.find((template) => templateKey(template) === ui.template)
  const close = (): void =>
    set({ template: null, focus: isWindowClosed(frame) ? '#send-template' : '#ask-menu' })
  const back = (): void => (chosen === undefined ? close() : set({ template: '', focus: '#template-title' }))
  return html`<section
    class="template"
    part="template"
    aria-labelledby="template-title"
    @keydown=${onKey('Escape', back)}
  >
    <div class="template-head">
      <h3 id="template-title" tabindex="-1">${chosen?.name ?? say('Send a template')}</h3>
      ${
        chosen === undefined
          ? null
          : button(say('Choose another one'), back, { kind: 'small', id: 'other-template' })
      }
      ${button(crossIcon, close, { kind: 'icon', name: say('Close'), id: 'close-template' })}
    </div>
    ${
      chosen === undefined
        ? renderList(frame, list)
        : renderTemplateForm(frame, chosen, `template ${view.conversationId} ${templateKey(chosen)}`)
    }
  </section>`
}

function renderList(frame: ThreadFrame, list: TemplateList): TemplateResult {
  const { say, ui, set } = frame
  const { templates, error, isLoading } = list
  if (isLoading || (templates === null && error === null))
    return html`<div class="waiting"><span class="spinner"></span>${say('Loading…')}</div>`
  const again = button(say('Load again'), () => void list.load(frame, true), { kind: 'small' })
  if (error !== null) return html`${renderFailure(say, error)} ${again}`
  const all = templates ?? []
  const wanted = (ui.typed[FILTER] ?? '').trim().toLocaleLowerCase()
  const found = all.filter(({ name, body }) => `${name} ${body}`.toLocaleLowerCase().includes(wanted))
  return html`${
      all.length > FEW
        ? html`<input
            id=${FILTER}
            type="search"
            part="input"
            autocomplete="off"
            aria-label=${say('Search in the templates')}
            placeholder=${say('Search')}
            .value=${ui.typed[FILTER] ?? ''}
            @input=${({ currentTarget }: Event & { currentTarget: HTMLInputElement }) => set({ typed: { ...ui.typed, [FILTER]: currentTarget.value } })}
          />`
        : null
    }
    ${
      found.length === 0
        ? html`<p class="muted small-print" role="status">
            ${all.length === 0 ? say('There is no approved template. Templates are made in the WhatsApp Manager of Meta.') : say('Nothing was found.')}
          </p>`
        : html`<ul class="template-list" aria-label=${say('Templates')}>
            ${found.map((template) => renderChoice(frame, template))}
          </ul>`
    }
    <div class="actions">${again}</div>`
}

function renderChoice({ set }: ThreadFrame, template: Template): TemplateResult {
  const { name, language, category, body } = template
  const choose = (): void => set({ template: templateKey(template), focus: '#template-title' })
  return html`<li>
    <button type="button" part="button" @click=${choose}>
      <strong><bdi>${name}</bdi></strong>
      <span class="muted small-print"><bdi>${language}</bdi> · <bdi>${category}</bdi></span>
      <span class="clamped small-print"><bdi>${body}</bdi></span>
    </button>
  </li>`
}
