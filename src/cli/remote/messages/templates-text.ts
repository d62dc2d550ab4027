import type { MethodResult } from '../../../protocol/methods.ts'
import type { TemplateView } from '../../../protocol/methods/templates.ts'
import { escapeUnprintable } from '../../escape-unprintable.ts'
import { wrapWords } from '../../wrap-words.ts'

/** `templates.list` for people: a line for each template, its words below, and what must be given for it. */
export function templatesText({ templates, total }: MethodResult<'templates.list'>): string {
  if (total === 0)
    return 'This number has no approved template. Make one in the WhatsApp Manager of\nMeta, and wait until it is approved.'
  const shown = templates.flatMap((template) => [...templateLines(template), ''])
  const more = total > templates.length ? [`… and ${total - templates.length} more`, ''] : []
  return [...shown, ...more, 'whatsappd send <to> --template <name> --variable <name>=<value>'].join('\n')
}

function templateLines({
  name,
  language,
  category,
  header,
  body,
  footer,
  variables,
  buttons,
}: TemplateView): string[] {
  const file = header !== null && header.kind !== 'text' ? [`[${header.kind}]`] : []
  const words = [...file, header?.text ?? '', body, footer ?? ''].filter((each) => each !== '')
  const needed = variables.map(
    ({ name: of, example }) => `${of}${example === null ? '' : ` (for example "${example}")`}`,
  )
  const withValue = buttons
    .filter(({ needsValue }) => needsValue)
    .map(({ index, title }) => `${index} ("${title}")`)
  return [
    `${name}  ${language}  ${category}`,
    ...words.flatMap((text) => text.split('\n')).flatMap((line) => wrapWords(line, '    ')),
    ...(needed.length > 0 ? wrapWords(`variables: ${needed.join(', ')}`, '  ', 4) : []),
    ...(withValue.length > 0 ? wrapWords(`buttons that need a value: ${withValue.join(', ')}`, '  ', 4) : []),
  ].map((line) => escapeUnprintable(line))
}
