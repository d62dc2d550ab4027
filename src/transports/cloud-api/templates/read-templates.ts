import { z } from 'zod'
import type {
  MessageTemplate,
  TemplateButton,
  TemplateHeader,
  TemplateVariable,
} from '../../../messaging/message-template.ts'
import { storableText } from '../../../text/bounded-text.ts'

/** Meta allows 1,024 in a body (`message-templates`); what is longer than this is no template. */
const MAX_TEXT = 4_096
const MAX_BUTTONS = 10
const MAX_VARIABLES = 50

const text = z.string().max(MAX_TEXT).transform(storableText)
const namedExamples = z
  .array(z.object({ param_name: z.string(), example: z.string().max(MAX_TEXT) }))
  .optional()
  .catch(undefined)
/** What of the shape is not as expected is left out: an example is no reason to lose a template. */
const exampleSchema = z
  .object({
    header_text: z.array(z.string()).optional().catch(undefined),
    header_text_named_params: namedExamples,
    body_text: z.array(z.array(z.string())).optional().catch(undefined),
    body_text_named_params: namedExamples,
  })
  .optional()
  .catch(undefined)

const buttonSchema = z.object({
  type: z.string().transform((type) => type.toUpperCase()),
  text: z.string().max(MAX_TEXT).optional().catch(undefined),
  url: z.string().max(MAX_TEXT).optional().catch(undefined),
})

const componentSchema = z.object({
  type: z.string().transform((type) => type.toUpperCase()),
  format: z
    .string()
    .transform((format) => format.toUpperCase())
    .optional()
    .catch(undefined),
  text: text.optional().catch(undefined),
  example: exampleSchema,
  buttons: z.array(buttonSchema).max(MAX_BUTTONS).optional().catch(undefined),
})

const templateSchema = z.object({
  name: z.string().min(1).max(512),
  language: z.string().min(2).max(20),
  status: z.string().transform((status) => status.toUpperCase()),
  category: z.string().max(100).catch(''),
  parameter_format: z.string().optional().catch(undefined),
  components: z.array(componentSchema).max(20),
})

/** One page of templates, in Meta's shape or 360dialog's. */
const pageSchema = z.union([
  z.object({
    data: z.array(z.unknown()),
    paging: z
      .object({ cursors: z.object({ after: z.string() }).optional(), next: z.string().optional() })
      .optional()
      .catch(undefined),
  }),
  z.object({ waba_templates: z.array(z.unknown()), total: z.number().optional().catch(undefined) }),
])

type Component = z.infer<typeof componentSchema>

/** A page of an answer: its approved templates; `after`: where the next one begins, `null` for the last; `count`: all that were on it. */
export interface TemplatePage {
  templates: MessageTemplate[]
  count: number
  after: string | null
}

/** `null` for what is no list of templates. What of it cannot be read is left out. */
export function readTemplatePage(body: unknown): TemplatePage | null {
  const page = pageSchema.safeParse(body).data
  if (page === undefined) return null
  const listed = 'data' in page ? page.data : page.waba_templates
  const after =
    'data' in page && page.paging?.next !== undefined ? (page.paging.cursors?.after ?? null) : null
  return { templates: listed.flatMap((each) => readTemplate(each) ?? []), count: listed.length, after }
}

/** `null` for one that is not approved, or cannot be read. */
function readTemplate(listed: unknown): MessageTemplate | null {
  const read = templateSchema.safeParse(listed).data
  if (read?.status !== 'APPROVED') return null
  const { name, language, category, components, parameter_format: format } = read
  const of = (type: string): Component | undefined => components.find((component) => component.type === type)
  const [header, body] = [of('HEADER'), of('BODY')]
  if (body?.text === undefined) return null
  const words = [header?.format === 'TEXT' ? header.text : '', body.text].join(' ')
  const isNamed = format?.toUpperCase() === 'NAMED' || namesIn(words).some((name) => !/^\d+$/.test(name))
  const variables = [
    ...(header?.format === 'TEXT' ? variablesOf(header, 'header', isNamed) : []),
    ...variablesOf(body, 'body', isNamed),
  ]
  if (variables.length > MAX_VARIABLES) return null
  return {
    name,
    language,
    category: category.toLowerCase(),
    body: body.text,
    header: headerOf(header),
    footer: of('FOOTER')?.text ?? null,
    buttons: (of('BUTTONS')?.buttons ?? []).map(toButton),
    variables: distinct(variables),
  }
}

const FILE_HEADERS: Readonly<Record<string, Exclude<TemplateHeader['kind'], 'text' | 'other'>>> = {
  IMAGE: 'image',
  VIDEO: 'video',
  DOCUMENT: 'document',
}

function headerOf(header: Component | undefined): TemplateHeader | null {
  if (header === undefined) return null
  const { format = '', text: words } = header
  if (format === 'TEXT') return words === undefined ? null : { kind: 'text', text: words }
  const file = FILE_HEADERS[format]
  return file === undefined ? { kind: 'other' } : { kind: file }
}

function namesIn(words: string): string[] {
  return [...words.matchAll(/\{\{\s*([\w.]+)\s*\}\}/g)].flatMap(([, name]) => name ?? [])
}

/** In the order of their places; each once. */
function variablesOf(
  { text: words = '', example }: Component,
  place: TemplateVariable['place'],
  isNamed: boolean,
): TemplateVariable[] {
  const ordered = [...new Set(namesIn(words))]
  // By position Meta counts from 1, whatever stands first.
  if (!isNamed) ordered.sort((one, other) => Number(one) - Number(other))
  const named = place === 'header' ? example?.header_text_named_params : example?.body_text_named_params
  const positions = place === 'header' ? example?.header_text : example?.body_text?.[0]
  return ordered.map((name, index) => ({
    name,
    place,
    isNamed,
    example:
      (isNamed ? named?.find((each) => each.param_name === name)?.example : positions?.[index]) ?? null,
  }))
}

/** Positions begin anew in each part: those of a header are told apart by their place. */
function distinct(variables: readonly TemplateVariable[]): TemplateVariable[] {
  const inBody = new Set(variables.filter(({ place }) => place === 'body').map(({ name }) => name))
  return variables.map((variable) =>
    variable.place === 'header' && !variable.isNamed && inBody.has(variable.name)
      ? { ...variable, name: `header.${variable.name}` }
      : variable,
  )
}

const BUTTON_KINDS: Readonly<Record<string, TemplateButton['kind']>> = {
  QUICK_REPLY: 'reply',
  URL: 'url',
  PHONE_NUMBER: 'phone',
  COPY_CODE: 'code',
}

function toButton(
  { type, text: title = '', url = '' }: z.infer<typeof buttonSchema>,
  index: number,
): TemplateButton {
  const kind = BUTTON_KINDS[type] ?? 'other'
  const needsValue = kind === 'code' || (kind === 'url' && url.includes('{{'))
  return { index, kind, title, needsValue }
}
