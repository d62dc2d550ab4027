import type { SentTemplate } from '../state/outgoing-messages.ts'
import type { Template } from './template-list.ts'

/** One place of a template that a person fills in. */
export interface TemplateField {
  /** Unique in its template. */
  key: string
  kind: 'variable' | 'file' | 'button'
  /** Of a variable its name, of a file its kind, of a button its title. */
  name: string
  /** As it stands in the words of the template; `null` for what stands in none. */
  place: string | null
  /** Of the header, whose places may have the numbers of the body. */
  isInHeader?: true
  example: string | null
}

/** By the key of the field: what was typed. */
export type TemplateValues = Readonly<Record<string, string>>

/** All that has to be filled in, in the order in which it is read. */
export function templateFields({ header, variables, buttons }: Template): TemplateField[] {
  const isFile = header?.kind === 'image' || header?.kind === 'video' || header?.kind === 'document'
  const names = [...new Map(variables.map((variable) => [variable.name, variable])).values()]
  return [
    ...(isFile
      ? [{ key: 'file', kind: 'file' as const, name: header.kind, place: null, example: null }]
      : []),
    ...names.map(({ name, place, example }) => ({
      key: `variable ${name}`,
      kind: 'variable' as const,
      name,
      place: place === 'header' ? placeInHeader(name) : name,
      ...(place === 'header' && { isInHeader: true as const }),
      example,
    })),
    ...buttons
      .filter(({ needsValue }) => needsValue)
      .map(({ index, title }) => ({
        key: `button ${index}`,
        kind: 'button' as const,
        name: title,
        place: null,
        example: null,
      })),
  ]
}

/** Whether what was typed fits the field; the daemon decides. */
export function isFilled({ kind }: TemplateField, value: string): boolean {
  return kind === 'file' ? /^https:\/\/[^\s/]+/.test(value.trim()) : value.trim() !== ''
}

/** The words as the person gets them. A place without a value stays as the template names it. */
export function filledText(template: Template, values: TemplateValues): string {
  const { header, body, footer, variables } = template
  const fill = (text: string, nameOf: (place: string) => string): string =>
    text.replaceAll(/\{\{\s*([\w.-]+)\s*\}\}/g, (written, place: string) => {
      const value = values[`variable ${nameOf(place)}`]?.trim() ?? ''
      return value === '' ? written : value
    })
  const inHeader = (place: string): string =>
    variables.find((each) => each.place === 'header' && placeInHeader(each.name) === place)?.name ?? place
  const title = header?.text == null ? '' : `*${fill(header.text, inHeader)}*`
  return [title, fill(body, (place) => place), footer ?? ''].filter((text) => text !== '').join('\n')
}

/** Numbers are given anew in the body: those of the header have a prefix. */
function placeInHeader(name: string): string {
  return name.replace(/^header\./, '')
}

/** As `messages.send` takes it. */
export function sentTemplate(template: Template, values: TemplateValues): SentTemplate {
  const { name, language } = template
  const fields = templateFields(template)
  const valueOf = ({ key }: TemplateField): string => values[key]?.trim() ?? ''
  const variables = fields.filter(({ kind }) => kind === 'variable')
  const file = fields.find(({ kind }) => kind === 'file')
  const buttons = template.buttons
    .filter(({ needsValue }) => needsValue)
    .map(({ index }) => ({ index, value: values[`button ${index}`]?.trim() ?? '' }))
  return {
    name,
    language,
    ...(variables.length > 0 && {
      variables: Object.fromEntries(variables.map((field) => [field.name, valueOf(field)])),
    }),
    ...(file !== undefined && { header: { link: valueOf(file) } }),
    ...(buttons.length > 0 && { buttons }),
  }
}
