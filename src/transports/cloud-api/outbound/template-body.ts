import type { TemplateComponent, TemplateParameter } from '../../../messaging/message-template.ts'
import type { OutgoingPart } from '../../../messaging/outgoing-message.ts'

type Json = Readonly<Record<string, unknown>>
type ButtonKind = Extract<TemplateComponent, { kind: 'button' }>['button']

/** What Meta calls a button that is filled in, and under which name its value stands. */
const BUTTONS: Readonly<Record<ButtonKind, { subType: string; type: string }>> = {
  url: { subType: 'url', type: 'text' },
  reply: { subType: 'quick_reply', type: 'payload' },
  code: { subType: 'copy_code', type: 'coupon_code' },
}

/** What is posted for a template with its values (Meta, "Send templates"). */
export function templateBody({
  name,
  language,
  components,
}: Extract<OutgoingPart, { kind: 'template' }>): Json {
  const template = {
    name,
    language: { code: language },
    ...(components.length > 0 && { components: components.map(componentOf) }),
  }
  return { type: 'template', template }
}

function componentOf(component: TemplateComponent): Json {
  if (component.kind !== 'button')
    return { type: component.kind, parameters: component.parameters.map(parameterOf) }
  const { subType, type } = BUTTONS[component.button]
  return {
    type: 'button',
    sub_type: subType,
    // Meta wants the number as a string.
    index: String(component.index),
    parameters: [{ type, [type]: component.value }],
  }
}

function parameterOf(parameter: TemplateParameter): Json {
  if (parameter.kind === 'text') {
    const { name, text } = parameter
    return { type: 'text', text, ...(name !== null && { parameter_name: name }) }
  }
  const { kind, link, fileName } = parameter
  const isNamed = kind === 'document' && fileName !== null
  return { type: kind, [kind]: { link, ...(isNamed && { filename: fileName }) } }
}
