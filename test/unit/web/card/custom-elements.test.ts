import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { WhatsappCardElement } from '../../../../src/web/card/whatsapp-card-element.ts'

const named = z.array(z.object({ name: z.string() }))
const schema = z.object({
  modules: z.tuple([
    z.object({
      declarations: z.tuple([
        z.object({
          tagName: z.literal('whatsapp-card'),
          attributes: named,
          members: named,
          events: named,
          cssProperties: named,
          cssParts: named,
        }),
      ]),
    }),
  ]),
})

const MANIFEST = schema.parse(JSON.parse(readFileSync('src/web/card/custom-elements.json', 'utf8')))
  .modules[0].declarations[0]
const sources = (directory: string): string =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(directory, path), 'utf8'))
    .join('\n')
const ALL = sources('src/web/elements') + sources('src/web/card')

const names = (list: { name: string }[]): string[] => list.map(({ name }) => name).toSorted()
const found = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].toSorted()

test('the manifest names the properties and attributes of the element', () => {
  const { observedAttributes, elementProperties } = WhatsappCardElement
  expect(names(MANIFEST.members)).toEqual([...elementProperties.keys()].map(String).toSorted())
  // A token in an attribute is taken out, not used.
  const attributes = observedAttributes.filter((name) => name !== 'token')
  expect(names(MANIFEST.attributes)).toEqual(attributes.toSorted())
})

test('the manifest names its events, custom properties and parts', () => {
  expect(names(MANIFEST.events)).toEqual(found(ALL, /Event\('(whatsapp-card-[\w-]+)'/g))
  expect(names(MANIFEST.cssProperties)).toEqual(found(ALL, /var\((--whatsapp-card-[\w-]+)/g))
  expect(names(MANIFEST.cssParts)).toEqual(found(ALL, /part="(\w+)/g))
})
