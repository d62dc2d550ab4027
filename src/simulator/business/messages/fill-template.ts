import { isRecord } from '../../../protocol/is-record.ts'
import { GraphError } from '../graph/graph-error.ts'
import { type Template, variablesOf } from '../management/template.ts'

const MAX_TEXT = 1_024

interface FilledTemplate {
  text: string
  buttons: { id: string; title: string; description: null }[]
}

/**
 * The words of a template with everything filled in. `given`: `template.components` of a message. Throws `GraphError` (132000,
 * 132005, 132012) where what is given is not what the template asks for.
 */
export function fillTemplate(template: Template, given: unknown): FilledTemplate {
  const components = (Array.isArray(given) ? given : []).filter(isRecord)
  const parts = template.components.flatMap(({ type, text, format }) => {
    const own = components.find((each) => String(each['type']).toUpperCase() === type)
    if (type === 'HEADER' && format !== undefined && format !== 'TEXT') {
      needMedia(format, own)
      return []
    }
    return text === undefined ? [] : [fill(text, type, parametersOf(own))]
  })
  const text = parts.join('\n')
  if (text.length > MAX_TEXT) throw new GraphError(132005)
  return { text, buttons: buttonsOf(template, components) }
}

function fill(text: string, place: string, parameters: Record<string, unknown>[]): string {
  const wanted = variablesOf(text)
  if (parameters.length !== wanted.length)
    throw new GraphError(132000, {
      details: `${place.toLowerCase()}: number of localizable_params (${parameters.length}) does not match the expected number of params (${wanted.length})`,
    })
  const isNamed = wanted.some((name) => !/^\d+$/.test(name))
  return wanted.reduce((filled, name, index) => {
    const parameter = isNamed ? parameters.find((each) => each['parameter_name'] === name) : parameters[index]
    if (parameter === undefined)
      throw new GraphError(132012, { details: `${place.toLowerCase()}: parameter ${name} is missing` })
    const value = parameter['text']
    if (
      parameter['type'] !== 'text' ||
      typeof value !== 'string' ||
      value === '' ||
      /[\n\t]| {5}/.test(value)
    )
      throw new GraphError(132012, {
        details:
          'Param text cannot be empty, and have no new-line/tab characters or more than 4 consecutive spaces',
      })
    return filled.replaceAll(new RegExp(`\\{\\{\\s*${name}\\s*\\}\\}`, 'g'), () => value)
  }, text)
}

function parametersOf(component: Record<string, unknown> | undefined): Record<string, unknown>[] {
  const parameters = component?.['parameters']
  return (Array.isArray(parameters) ? parameters : []).filter(isRecord)
}

function needMedia(format: string, component: Record<string, unknown> | undefined): void {
  const kind = format.toLowerCase()
  const [parameter] = parametersOf(component)
  if (parameter?.['type'] !== kind || !isRecord(parameter[kind]))
    throw new GraphError(132012, { details: `header: Format mismatch, expected ${format}, received UNKNOWN` })
}

function buttonsOf(template: Template, components: Record<string, unknown>[]): FilledTemplate['buttons'] {
  const buttons = template.components.find(({ type }) => type === 'BUTTONS')?.buttons ?? []
  return buttons.map(({ text, type, url }, index) => {
    const own = components.find(
      (each) => String(each['type']).toLowerCase() === 'button' && Number(each['index']) === index,
    )
    const [parameter] = parametersOf(own)
    if (type === 'URL' && url !== undefined && variablesOf(url).length > 0 && parameter === undefined)
      throw new GraphError(132000, {
        details: `buttons: Button at index ${index} of type Url requires a parameter`,
      })
    const payload = parameter?.['payload']
    return { id: typeof payload === 'string' ? payload : text, title: text, description: null }
  })
}
