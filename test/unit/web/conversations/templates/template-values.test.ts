import { expect, test } from 'vitest'
import type { Template } from '../../../../../src/web/conversations/templates/template-list.ts'
import {
  filledText,
  isFilled,
  sentTemplate,
  templateFields,
} from '../../../../../src/web/conversations/templates/template-values.ts'

const TEMPLATE: Template = {
  name: 'order_ready',
  language: 'en_GB',
  category: 'utility',
  header: { kind: 'text', text: 'Order {{number}}' },
  body: 'Hello {{ name }}, your order {{number}} is ready. Costs: $&',
  footer: 'The shop',
  variables: [
    { name: 'number', place: 'header', example: '12' },
    { name: 'name', place: 'body', example: 'Ana' },
    { name: 'number', place: 'body', example: '12' },
  ],
  buttons: [
    { index: 0, kind: 'reply', title: 'Thanks', needsValue: false },
    { index: 1, kind: 'url', title: 'Follow it', needsValue: true },
  ],
}

test('each place is asked for once, in the order in which it is read', () => {
  expect(templateFields(TEMPLATE).map(({ key }) => key)).toEqual([
    'variable number',
    'variable name',
    'button 1',
  ])
  const withPicture = { ...TEMPLATE, header: { kind: 'image' as const, text: null } }
  expect(templateFields(withPicture)[0]).toMatchObject({ kind: 'file', name: 'image' })
})

test('a place without a value stays as the template names it, and a value is taken as it is', () => {
  expect(filledText(TEMPLATE, { 'variable name': ' $& {{number}} ' })).toBe(
    '*Order {{number}}*\nHello $& {{number}}, your order {{number}} is ready. Costs: $&\nThe shop',
  )
})

test('places of the header that have the numbers of the body have values of their own', () => {
  const positional: Template = {
    ...TEMPLATE,
    header: { kind: 'text', text: 'Order {{1}}' },
    body: 'Hello {{1}}',
    footer: null,
    variables: [
      { name: 'header.1', place: 'header', example: null },
      { name: '1', place: 'body', example: null },
    ],
  }
  expect(templateFields(positional).map(({ place }) => place)).toEqual(['1', '1', null])
  const values = { 'variable header.1': '7', 'variable 1': 'Ana' }
  expect(filledText(positional, values)).toBe('*Order 7*\nHello Ana')
  expect(sentTemplate(positional, values).variables).toEqual({ 'header.1': '7', '1': 'Ana' })
})

test('the daemon gets what was typed, and nothing that the template has no place for', () => {
  const values = { 'variable number': '7', 'variable name': ' Ana ', 'button 1': 'a7', 'variable old': 'x' }
  expect(sentTemplate(TEMPLATE, values)).toEqual({
    name: 'order_ready',
    language: 'en_GB',
    variables: { number: '7', name: 'Ana' },
    buttons: [{ index: 1, value: 'a7' }],
  })
  const plain = { ...TEMPLATE, header: null, variables: [], buttons: [] }
  expect(sentTemplate(plain, {})).toEqual({ name: 'order_ready', language: 'en_GB' })
  const withFile = { ...plain, header: { kind: 'document' as const, text: null } }
  expect(sentTemplate(withFile, { file: 'https://shop.example/a.pdf' })).toMatchObject({
    header: { link: 'https://shop.example/a.pdf' },
  })
})

test.each([
  ['variable', ' ', false],
  ['variable', 'Ana', true],
  ['file', 'http://shop.example/a.png', false],
  ['file', 'https://', false],
  ['file', ' https://shop.example/a.png', true],
] as const)('a %s is filled in by %j: %s', (kind, value, expected) => {
  expect(isFilled({ key: '', kind, name: '', place: null, example: null }, value)).toBe(expected)
})
