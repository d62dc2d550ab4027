import type { MessageTemplate, TemplateButton, TemplateVariable } from '../../messaging/message-template.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { StoredContent } from '../outbox/stored-content.ts'
import type { SendRequest } from './send-request.ts'

type Asked = NonNullable<SendRequest['template']>
type FilledTemplate = Extract<StoredContent, { type: 'template' }>
type Component = FilledTemplate['components'][number]
type ButtonComponent = Extract<Component, { kind: 'button' }>
type PartComponent = Exclude<Component, ButtonComponent>

const FILES: ReadonlySet<string> = new Set(['image', 'video', 'document'])
/** Meta refuses such a value: line breaks, tabs, more than four spaces in a row (known of its clients, not named in its reference). */
const REFUSED_IN_VALUES = /[\r\n\t]| {5}/
const NAMED_LANGUAGES = 20

/**
 * A template with its variables filled in, ready to be stored, and its words as people will see them. Throws `DaemonError`:
 * `template_not_found`; `template_invalid` where a value is missing, unknown or not possible.
 */
export function fillTemplate(known: readonly MessageTemplate[], asked: Asked): FilledTemplate {
  const template = find(known, asked)
  const values = new Map(Object.entries(asked.variables ?? {}))
  requireNames(template, values)
  const components = [
    headerOf(template, asked, values),
    textsOf(template, 'body', values),
    ...template.buttons.map((button) => buttonOf(button, asked)),
  ].filter((component) => component !== null)
  requireKnownButtons(template, asked)
  const { name, language } = template
  return { type: 'template', name, language, text: shownText(template, values), components }
}

function find(known: readonly MessageTemplate[], { name, language }: Asked): MessageTemplate {
  const named = known.filter((template) => template.name === name)
  const fitting = language === undefined ? named : named.filter((template) => template.language === language)
  const [only] = fitting
  if (only !== undefined && fitting.length === 1) return only
  const languages = named.map((template) => template.language).slice(0, NAMED_LANGUAGES)
  if (fitting.length > 1)
    throw new DaemonError('template_invalid', {
      message: `The template has several languages: ${languages.join(', ')}.`,
      action: 'Say which one (language).',
      details: { field: 'template.language', languages },
    })
  throw new DaemonError('template_not_found', {
    ...(languages.length > 0 && {
      message: `The template is not there in this language, only in: ${languages.join(', ')}.`,
    }),
    details: { name, languages },
  })
}

function requireNames({ variables }: MessageTemplate, values: ReadonlyMap<string, string>): void {
  const names = new Set(variables.map(({ name }) => name))
  const missing = [...names].filter((name) => (values.get(name) ?? '').trim() === '')
  const unknown = [...values.keys()].filter((name) => !names.has(name))
  if (missing.length > 0 || unknown.length > 0) {
    const told = [
      missing.length > 0 && `it needs a value for ${missing.join(', ')}`,
      unknown.length > 0 && `it has no variable ${unknown.join(', ')}`,
    ].filter((each) => each !== false)
    throw new DaemonError('template_invalid', {
      message: `The template cannot be filled in: ${told.join('; ')}.`,
      details: { missing, unknown },
    })
  }
  for (const [name, value] of values)
    if (REFUSED_IN_VALUES.test(value))
      throw wrong(
        `template.variables.${name}`,
        'has a line break, a tab or more than four spaces in a row, which WhatsApp refuses in a template',
      )
}

function headerOf(
  template: MessageTemplate,
  { header }: Asked,
  values: ReadonlyMap<string, string>,
): PartComponent | null {
  const { header: wanted } = template
  const kind = wanted?.kind
  if (kind === 'image' || kind === 'video' || kind === 'document') {
    if (header === undefined)
      throw wrong('template.header', `is missing: the header of this template is a file (${kind})`)
    const { link, fileName = null } = header
    return { kind: 'header', parameters: [{ kind, link, fileName: kind === 'document' ? fileName : null }] }
  }
  if (header !== undefined)
    throw wrong('template.header', 'is given, and the header of this template is no file')
  if (kind === 'other') throw wrong('template.name', 'names a template whose header cannot be filled in here')
  return textsOf(template, 'header', values)
}

function textsOf(
  { variables }: MessageTemplate,
  place: TemplateVariable['place'],
  values: ReadonlyMap<string, string>,
): PartComponent | null {
  const parameters = variables
    .filter((variable) => variable.place === place)
    .map(({ name, isNamed }) => ({
      kind: 'text' as const,
      name: isNamed ? name : null,
      text: values.get(name) ?? '',
    }))
  return parameters.length === 0 ? null : { kind: place, parameters }
}

function buttonOf(
  { index, kind, title, needsValue }: TemplateButton,
  { buttons = [] }: Asked,
): ButtonComponent | null {
  const value = buttons.find((each) => each.index === index)?.value
  if (value === undefined) {
    if (needsValue) throw wrong('template.buttons', `has no value for button ${index} ("${title}")`)
    return null
  }
  if (kind !== 'url' && kind !== 'reply' && kind !== 'code')
    throw wrong('template.buttons', `has a value for button ${index}, which takes none`)
  if (kind === 'url' && !needsValue)
    throw wrong('template.buttons', `has a value for button ${index}, whose address is fixed`)
  return { kind: 'button', index, button: kind, value }
}

function requireKnownButtons({ buttons }: MessageTemplate, { buttons: given = [] }: Asked): void {
  const unknown = given.find(({ index }) => buttons.every((button) => button.index !== index))
  if (unknown !== undefined)
    throw wrong('template.buttons', `names button ${unknown.index}, which the template does not have`)
  if (new Set(given.map(({ index }) => index)).size < given.length)
    throw wrong('template.buttons', 'names a button twice')
}

function wrong(field: string, why: string): DaemonError {
  return new DaemonError('template_invalid', {
    message: `${field} ${why}.`,
    action: 'Compare it with what templates.list says of the template.',
    details: { field },
  })
}

/** As a phone shows it, without its buttons. */
function shownText({ header, body, footer }: MessageTemplate, values: ReadonlyMap<string, string>): string {
  const filled = (text: string, valueOf: (name: string) => string | undefined): string =>
    text.replaceAll(/\{\{\s*([\w.]+)\s*\}\}/g, (place, name: string) => valueOf(name) ?? place)
  const shownHeader =
    header?.kind === 'text'
      ? filled(header.text, (name) => values.get(`header.${name}`) ?? values.get(name))
      : FILES.has(header?.kind ?? '')
        ? `[${header?.kind}]`
        : null
  return [shownHeader, filled(body, (name) => values.get(name)), footer]
    .filter((part) => part !== null && part !== '')
    .join('\n')
}
