import { EVENTS, EVENT_NAMES } from '../../protocol/events.ts'
import type { EventName } from '../../protocol/events.ts'
import { helloFrameSchema, PROTOCOL_VERSION } from '../../protocol/frames.ts'
import { jsonSchemaOf } from './json-schema.ts'
import type { JsonSchema } from './json-schema.ts'
import { shareSchemas } from './share-schemas.ts'

const CHANNEL = 'control'

/** `docs/asyncapi.json`, whole: every event for programs, as AsyncAPI 3.0. */
export function renderAsyncApi(): string {
  const names = ['server.hello', ...EVENT_NAMES]
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'whatsappd control plane: events',
      version: `${PROTOCOL_VERSION}.0.0`,
      description:
        'Notifications that follow `session.subscribe`, in order of `eventId`. Methods are described in openrpc.json, all else in protocol.md.',
      license: { name: 'MIT' },
    },
    servers: { local: { host: '127.0.0.1:8765', protocol: 'ws', pathname: '/v1/ws' } },
    channels: {
      [CHANNEL]: {
        address: '/v1/ws',
        messages: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
      },
    },
    operations: {
      events: {
        action: 'send',
        summary: 'What the daemon sends by itself.',
        channel: { $ref: `#/channels/${CHANNEL}` },
        messages: names.map((name) => ({ $ref: `#/channels/${CHANNEL}/messages/${name}` })),
      },
    },
    components: {
      schemas: {},
      messages: {
        'server.hello': {
          name: 'server.hello',
          contentType: 'application/json',
          summary: 'The first frame, before anything is asked.',
          payload: jsonSchemaOf(helloFrameSchema, 'output'),
        },
        ...Object.fromEntries(EVENT_NAMES.map((name) => [name, describeEvent(name)])),
      },
    },
  }
  return `${JSON.stringify(shareSchemas(document), null, 2)}\n`
}

function describeEvent(name: EventName): JsonSchema {
  const { payload, scope, stored, since, summary } = EVENTS[name]
  return {
    name,
    contentType: 'application/json',
    summary,
    description: `Needs scope \`${scope}\`. ${stored ? 'Stored, and replayed after `since`.' : 'Never stored.'} Since protocol ${since}.`,
    payload: {
      type: 'object',
      required: ['jsonrpc', 'method', 'params'],
      properties: {
        jsonrpc: { const: '2.0' },
        method: { const: name },
        params: {
          allOf: [
            {
              type: 'object',
              required: ['eventId', 'at'],
              properties: {
                eventId: {
                  type: ['integer', 'null'],
                  description: 'One sequence for all accounts; `null` where the event is not stored.',
                },
                at: { type: 'string', format: 'date-time' },
              },
            },
            jsonSchemaOf(payload, 'output'),
          ],
        },
      },
    },
    'x-scope': scope,
    'x-stored': stored,
    'x-since': since,
  }
}
