import { z } from 'zod'

const fileSchema = z.object({
  type: z.literal('file'),
  /** Of the file in our store (`MediaRow.id`). */
  media: z.string(),
  kind: z.enum(['image', 'voice', 'audio', 'video', 'document', 'sticker']),
  /** As WhatsApp shows it; empty for none. */
  caption: z.string(),
  name: z.string(),
  mimeType: z.string(),
  size: z.number(),
  width: z.number().optional(),
  height: z.number().optional(),
  seconds: z.number().optional(),
  waveform: z.array(z.number()).optional(),
  loops: z.boolean().optional(),
  isAnimated: z.boolean().optional(),
})

const contactSchema = z.object({ name: z.string(), phoneNumbers: z.array(z.string()) })

const choicesSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('buttons'),
    buttons: z.array(z.object({ id: z.string(), title: z.string() })),
  }),
  z.object({
    kind: z.literal('list'),
    button: z.string(),
    sections: z.array(
      z.object({
        title: z.string().nullable(),
        rows: z.array(z.object({ id: z.string(), title: z.string(), description: z.string().nullable() })),
      }),
    ),
  }),
])

const componentSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.enum(['header', 'body']),
    parameters: z.array(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('text'), name: z.string().nullable(), text: z.string() }),
        z.object({
          kind: z.enum(['image', 'video', 'document']),
          link: z.string(),
          fileName: z.string().nullable(),
        }),
      ]),
    ),
  }),
  z.object({
    kind: z.literal('button'),
    index: z.number(),
    button: z.enum(['url', 'reply', 'code']),
    value: z.string(),
  }),
])

const contentSchema = z.discriminatedUnion('type', [
  fileSchema,
  z.object({
    type: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    name: z.string().nullable(),
    address: z.string().nullable(),
  }),
  contactSchema.extend({ type: z.literal('contact') }),
  z.object({ type: z.literal('contacts'), contacts: z.array(contactSchema) }),
  /** `text`: above what can be tapped. */
  z.object({ type: z.literal('choices'), text: z.string(), choices: choicesSchema }),
  /** `text`: all of it, filled in. */
  z.object({
    type: z.literal('template'),
    name: z.string(),
    language: z.string(),
    text: z.string(),
    components: z.array(componentSchema),
  }),
  z.object({ type: z.literal('number-request'), text: z.string() }),
  z.object({
    type: z.literal('poll'),
    question: z.string(),
    options: z.array(z.string()),
    choices: z.number(),
    /** Base64: the keys of the votes are made from it. */
    secret: z.string(),
  }),
  /** `target`: the inbox row that it is to, or the row of the outbox where `isToOurs`; an empty emoji takes it back. */
  z.object({
    type: z.literal('reaction'),
    emoji: z.string(),
    target: z.number(),
    isToOurs: z.literal(true).optional(),
  }),
  /** `target`: the row of the outbox that says something else now; `prefixLength`: as of a new row, 0 without it. */
  z.object({
    type: z.literal('edit'),
    target: z.number(),
    text: z.string(),
    prefixLength: z.number().optional(),
  }),
  /** `target`: the row of the outbox that is deleted for everyone. */
  z.object({ type: z.literal('revoke'), target: z.number() }),
])

/** What a row of the outbox is besides words (`outbox.content`, JSON). */
export type StoredContent = z.infer<typeof contentSchema>
export type StoredFile = z.infer<typeof fileSchema>
/** Of a message of its own, and not about another one. */
export type MessageContent = Exclude<StoredContent, { type: 'reaction' | 'edit' | 'revoke' }>

/** A message that another one quotes or reacts to: a row of the inbox, or of the outbox where it `isOurs`. */
export interface StoredReference {
  sequence: number
  isOurs: boolean
}

/** `null` for what another program made of it. */
export function parseContent(json: string): StoredContent | null {
  try {
    return contentSchema.parse(JSON.parse(json))
  } catch {
    return null
  }
}

/** Whether a row with this content is about another message: a reaction, an edit or a deletion. */
export function isAboutAnother(json: string | null): boolean {
  const type = json === null ? undefined : parseContent(json)?.type
  return type === 'reaction' || type === 'edit' || type === 'revoke'
}
