import type { z } from 'zod'
import { accountSchema } from '../../protocol/account/account.ts'
import { assistantSchema } from '../../protocol/account/assistant.ts'
import { messageDetailSchema } from '../../protocol/agent/message-detail.ts'
import { configProblemSchema } from '../../protocol/config/config-problem.ts'
import { configViewSchema } from '../../protocol/config/config-view.ts'
import { assistantStateSchema } from '../../protocol/conversations/assistant-state.ts'
import { conversationViewSchema } from '../../protocol/conversations/conversation-view.ts'
import { messageViewSchema } from '../../protocol/conversations/message-view.ts'
import { METHODS } from '../../protocol/methods.ts'
import { outboxEntrySchema } from '../../protocol/outbox-entry.ts'
import { sentMessageSchema } from '../../protocol/sent-message.ts'
import { webhookViewSchema } from '../../protocol/webhook-view.ts'
import { jsonSchemaOf, type JsonSchema } from './json-schema.ts'

/** What more than one method or event has in it. */
const SHARED: Readonly<Record<string, z.ZodType>> = {
  Account: accountSchema,
  Assistant: assistantSchema,
  AssistantState: assistantStateSchema,
  Config: configViewSchema,
  ConfigProblem: configProblemSchema,
  Conversation: conversationViewSchema,
  Message: messageViewSchema,
  MessageDetail: messageDetailSchema,
  OutboxEntry: outboxEntrySchema,
  SentMessage: sentMessageSchema,
  SentRequest: METHODS['messages.send'].result,
  Webhook: webhookViewSchema,
}

interface Described {
  components: { schemas: JsonSchema }
}

/**
 * `document` with each shared schema once, in `components.schemas`, and a `$ref` in every other place of it. A place that describes it in
 * words of its own keeps these, beside an `allOf`: draft 7 ignores what stands beside a `$ref`.
 */
export function shareSchemas<Document extends Described>(document: Document): Document {
  const schemas = Object.entries(SHARED).map(([name, schema]) => ({
    name,
    schema: jsonSchemaOf(schema, 'output'),
  }))
  const byText = new Map(schemas.map((each) => [textOf(each.schema), each]))
  const bodies = new Map(schemas.map(({ name, schema }) => [name, schema]))
  const used = new Set<string>()
  const share = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(share)
    if (typeof value !== 'object' || value === null) return value
    const shared = byText.get(textOf(value))
    if (shared === undefined) return shareInside(value)
    used.add(shared.name)
    const reference = { $ref: `#/components/schemas/${shared.name}` }
    const description: unknown = Reflect.get(value, 'description')
    return description === shared.schema['description'] ? reference : { description, allOf: [reference] }
  }
  const shareInside = (value: object): JsonSchema =>
    Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, share(inner)]))
  // Every value keeps its form, but for schemas.
  const result = shareInside(document) as unknown as Document
  const shown = new Map<string, JsonSchema>()
  // A schema that is shown may name others.
  for (const name of used) shown.set(name, shareInside(bodies.get(name) ?? {}))
  Object.assign(result.components.schemas, Object.fromEntries(shown))
  return result
}

/** Of two schemas the same where they differ in the description alone. */
function textOf(schema: object): string {
  const { description: _words, ...rest } = { description: undefined, ...schema }
  return JSON.stringify(rest)
}
