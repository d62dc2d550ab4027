import { z } from 'zod'
import { GraphError } from '../graph/graph-error.ts'

const MAX_TEXT = 4_096
const MAX_CAPTION = 1_024
const MAX_BODY = 1_024
const MAX_LIST_BODY = 4_096
const MAX_BUTTONS = 3
const MAX_ROWS = 10
const MAX_SECTIONS = 10

const words = (most: number) => z.string().min(1).max(most)
const file = z
  .looseObject({ id: z.string().min(1).optional(), link: z.url().optional() })
  .refine(({ id, link }) => (id === undefined) !== (link === undefined), 'either id or link')
const captioned = z.intersection(file, z.looseObject({ caption: z.string().max(MAX_CAPTION).optional() }))
const reply = z.looseObject({ id: words(256), title: words(20) })
const row = z.looseObject({ id: words(200), title: words(24), description: z.string().max(72).optional() })
const text = (most: number) => z.looseObject({ text: words(most) })

const interactive = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('button'),
    body: text(MAX_BODY),
    footer: text(60).optional(),
    action: z.looseObject({
      buttons: z
        .array(z.looseObject({ type: z.literal('reply'), reply }))
        .min(1)
        .max(MAX_BUTTONS),
    }),
  }),
  z.looseObject({
    type: z.literal('list'),
    body: text(MAX_LIST_BODY),
    footer: text(60).optional(),
    action: z.looseObject({
      button: words(20),
      sections: z
        .array(z.looseObject({ title: z.string().max(24).optional(), rows: z.array(row).min(1) }))
        .min(1)
        .max(MAX_SECTIONS),
    }),
  }),
  z.looseObject({
    type: z.literal('request_contact_info'),
    body: text(MAX_BODY),
    action: z.looseObject({ name: z.literal('request_contact_info') }),
  }),
  z.looseObject({
    type: z.literal('location_request_message'),
    body: text(MAX_BODY),
    action: z.looseObject({ name: z.literal('send_location') }),
  }),
  z.looseObject({
    type: z.literal('cta_url'),
    body: text(MAX_BODY),
    action: z.looseObject({ name: z.literal('cta_url') }),
  }),
])

/** A number that is written as a string, or as a number. */
const coordinate = (most: number) => z.coerce.number().min(-most).max(most)

const CONTENTS: Readonly<Record<string, z.ZodType>> = {
  text: z.looseObject({ body: words(MAX_TEXT), preview_url: z.boolean().optional() }),
  image: captioned,
  video: captioned,
  audio: z.intersection(file, z.looseObject({ voice: z.boolean().optional() })),
  document: z.intersection(captioned, z.looseObject({ filename: z.string().optional() })),
  sticker: file,
  location: z.looseObject({
    latitude: coordinate(90),
    longitude: coordinate(180),
    name: z.string().optional(),
    address: z.string().optional(),
  }),
  contacts: z
    .array(
      z.looseObject({
        name: z
          .looseObject({ formatted_name: z.string().min(1) })
          .refine(
            (name) => Object.keys(name).some((key) => key !== 'formatted_name'),
            'name needs one more field than formatted_name',
          ),
        phones: z.array(z.looseObject({ phone: z.string().optional() })).optional(),
      }),
    )
    .min(1)
    .max(257),
  interactive,
  reaction: z.looseObject({ message_id: z.string().min(1), emoji: z.string().max(30) }),
  template: z.looseObject({
    name: z.string().min(1),
    language: z.looseObject({ code: z.string().min(1) }),
    components: z.array(z.looseObject({ type: z.string() })).optional(),
  }),
}

/**
 * Throws `GraphError` where what is to be sent is not as Meta wants it: 131008 what is missing, 100 a text that is too long,
 * 131009 anything else, 131051 an unknown type.
 */
export function checkContent(type: string, content: unknown, context: unknown): void {
  const schema = CONTENTS[type]
  if (schema === undefined)
    throw new GraphError(131051, { details: `Message type ${type} is not supported.` })
  if (content === undefined)
    throw new GraphError(131008, { details: `The parameter ${type} is required for type ${type}.` })
  const { error } = schema.safeParse(content)
  const [issue] = error?.issues ?? []
  if (issue !== undefined) throw contentError(type, issue)
  if (type === 'reaction' && context !== undefined)
    throw new GraphError(131009, { details: 'Context is not supported for reactions.' })
  if (type === 'interactive') checkRows(content)
}

function contentError(type: string, issue: z.core.$ZodIssue): GraphError {
  const place = `${type}${issue.path.map((part) => `['${String(part)}']`).join('')}`
  if (issue.code === 'invalid_type' && issue.input === undefined && /received undefined/.test(issue.message))
    return new GraphError(131008, { details: `Parameter ${place} is required.` })
  const details = `Param ${place}: ${issue.message}`
  if (type === 'text' && issue.code === 'too_big')
    return new GraphError(100, { details: `Param text['body'] must be at most ${MAX_TEXT} characters long.` })
  return new GraphError(131009, { details })
}

function checkRows(content: unknown): void {
  const list = z
    .looseObject({
      action: z.looseObject({
        buttons: z
          .array(z.looseObject({ reply: z.looseObject({ id: z.string(), title: z.string() }) }))
          .optional(),
        sections: z
          .array(
            z.looseObject({ title: z.string().optional(), rows: z.array(z.looseObject({ id: z.string() })) }),
          )
          .optional(),
      }),
    })
    .safeParse(content)
  const { buttons = [], sections = [] } = list.data?.action ?? {}
  const rows = sections.flatMap((section) => section.rows)
  const ids = [...rows.map(({ id }) => id), ...buttons.map(({ reply: { id } }) => id)]
  const titles = buttons.map(({ reply: { title } }) => title)
  if (rows.length > MAX_ROWS)
    throw new GraphError(131009, { details: `Total row count exceed max allowed count: ${MAX_ROWS}` })
  if (sections.length > 1 && sections.some(({ title }) => title === undefined || title === ''))
    throw new GraphError(131009, {
      details: 'Section title is required when there is more than one section.',
    })
  if (new Set(ids).size < ids.length || new Set(titles).size < titles.length)
    throw new GraphError(131009, { details: 'Ids and button titles must be unique.' })
}
