import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { WhatsappCardElement } from '../../../src/web/card/whatsapp-card-element.ts'
import { WhatsappConversationsElement } from '../../../src/web/conversations/whatsapp-conversations-element.ts'

const named = z.array(z.object({ name: z.string() }))
const declaration = z.object({
  tagName: z.string(),
  attributes: named,
  members: named,
  events: named,
  cssProperties: named,
  cssParts: named,
})
const schema = z.object({ modules: z.array(z.object({ declarations: z.tuple([declaration]) })) })

const DECLARATIONS = schema
  .parse(JSON.parse(readFileSync('src/web/custom-elements.json', 'utf8')))
  .modules.map(({ declarations: [declared] }) => declared)
const sources = (...paths: string[]): string =>
  paths
    .flatMap((path) =>
      path.endsWith('.ts')
        ? [path]
        : readdirSync(path, { recursive: true, encoding: 'utf8' })
            .filter((name) => name.endsWith('.ts'))
            .map((name) => join(path, name)),
    )
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n')

const names = (list: { name: string }[]): string[] => list.map(({ name }) => name).toSorted()
const found = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].toSorted()

describe.each([
  {
    tag: 'whatsapp-card',
    event: 'whatsapp-(?:card|business)',
    element: WhatsappCardElement,
    all: sources('src/web/elements', 'src/web/card'),
  },
  {
    tag: 'whatsapp-conversations',
    event: 'whatsapp-conversations',
    element: WhatsappConversationsElement,
    all: sources(
      'src/web/elements',
      'src/web/conversations',
      'src/web/card/parts/attention-section.ts',
      'src/web/card/parts/pairing-requests.ts',
    ),
  },
])('the manifest of $tag', ({ tag, event, element, all }) => {
  const manifest = DECLARATIONS.find(({ tagName }) => tagName === tag)

  test('names the properties and attributes of the element', () => {
    const { observedAttributes, elementProperties } = element
    expect(names(manifest?.members ?? [])).toEqual([...elementProperties.keys()].map(String).toSorted())
    // A token in an attribute is taken out, not used.
    const attributes = observedAttributes.filter((name) => name !== 'token')
    expect(names(manifest?.attributes ?? [])).toEqual(attributes.toSorted())
  })

  test('names its events, custom properties and parts', () => {
    expect(names(manifest?.events ?? [])).toEqual(found(all, new RegExp(`Event\\('(${event}-[\\w-]+)'`, 'g')))
    expect(names(manifest?.cssProperties ?? [])).toEqual(found(all, /var\((--whatsapp-card-[\w-]+)/g))
    expect(names(manifest?.cssParts ?? [])).toEqual(found(all, /part="(\w+)/g))
  })
})
