import { describe, expect, it } from 'vitest'
import type { MessageTemplate } from '../../../../src/messaging/message-template.ts'
import { fillTemplate } from '../../../../src/conversations/sending/fill-template.ts'

const PLAIN: MessageTemplate = {
  name: 'reminder',
  language: 'en',
  category: 'utility',
  body: 'Hi {{name}}, see you on {{day}}.',
  header: null,
  footer: 'Reply STOP to stop',
  buttons: [],
  variables: [
    { name: 'name', place: 'body', isNamed: true, example: 'Ann' },
    { name: 'day', place: 'body', isNamed: true, example: null },
  ],
}
const WITH_ALL: MessageTemplate = {
  ...PLAIN,
  name: 'invoice',
  body: 'Invoice {{1}}',
  header: { kind: 'document' },
  footer: null,
  buttons: [
    { index: 0, kind: 'url', title: 'Pay', needsValue: true },
    { index: 1, kind: 'reply', title: 'Later', needsValue: false },
    { index: 2, kind: 'url', title: 'Site', needsValue: false },
  ],
  variables: [{ name: '1', place: 'body', isNamed: false, example: null }],
}
const KNOWN = [PLAIN, { ...PLAIN, language: 'de', body: 'Hallo {{name}}, bis {{day}}.' }, WITH_ALL]
const variables = { name: 'Ann', day: 'Monday' }
const refused = (details: object, code = 'template_invalid') =>
  expect.objectContaining({ code, details: expect.objectContaining(details) })
const fill = (asked: Parameters<typeof fillTemplate>[1]) => () => fillTemplate(KNOWN, asked)

describe('a template', () => {
  it('is filled in by name, in the language that is asked for', () => {
    expect(fillTemplate(KNOWN, { name: 'reminder', language: 'de', variables })).toEqual({
      type: 'template',
      name: 'reminder',
      language: 'de',
      text: 'Hallo Ann, bis Monday.\nReply STOP to stop',
      components: [
        {
          kind: 'body',
          parameters: [
            { kind: 'text', name: 'name', text: 'Ann' },
            { kind: 'text', name: 'day', text: 'Monday' },
          ],
        },
      ],
    })
  })

  it('has its file, and the values of its buttons', () => {
    const filled = fillTemplate(KNOWN, {
      name: 'invoice',
      variables: { 1: '7' },
      header: { link: 'https://example.com/7.pdf', fileName: 'Invoice 7.pdf' },
      buttons: [
        { index: 0, value: 'pay/7' },
        { index: 1, value: 'later-7' },
      ],
    })
    expect(filled.text).toBe('[document]\nInvoice 7')
    expect(filled.components).toEqual([
      {
        kind: 'header',
        parameters: [{ kind: 'document', link: 'https://example.com/7.pdf', fileName: 'Invoice 7.pdf' }],
      },
      { kind: 'body', parameters: [{ kind: 'text', name: null, text: '7' }] },
      { kind: 'button', index: 0, button: 'url', value: 'pay/7' },
      { kind: 'button', index: 1, button: 'reply', value: 'later-7' },
    ])
  })

  it('keeps the two ones of header and body apart', () => {
    const twice: MessageTemplate = {
      ...PLAIN,
      header: { kind: 'text', text: 'Order {{1}}' },
      body: 'For {{1}}',
      footer: null,
      variables: [
        { name: 'header.1', place: 'header', isNamed: false, example: null },
        { name: '1', place: 'body', isNamed: false, example: null },
      ],
    }
    const filled = fillTemplate([twice], { name: 'reminder', variables: { 'header.1': '7', 1: 'Ann' } })
    expect(filled.text).toBe('Order 7\nFor Ann')
    expect(filled.components.map(({ kind }) => kind)).toEqual(['header', 'body'])
  })

  it.each<[what: string, asked: object, details: object, code?: string]>([
    ['an unknown name', { name: 'nothing' }, { languages: [] }, 'template_not_found'],
    [
      'an unknown language',
      { name: 'reminder', language: 'fr', variables },
      { languages: ['en', 'de'] },
      'template_not_found',
    ],
    ['several languages', { name: 'reminder', variables }, { field: 'template.language' }],
    [
      'a missing value',
      { name: 'reminder', language: 'en', variables: { name: 'Ann' } },
      { missing: ['day'], unknown: [] },
    ],
    [
      'an empty value',
      { name: 'reminder', language: 'en', variables: { name: 'Ann', day: ' ' } },
      { missing: ['day'] },
    ],
    [
      'a value too many',
      { name: 'reminder', language: 'en', variables: { ...variables, x: '1' } },
      { unknown: ['x'] },
    ],
    [
      'a line break',
      { name: 'reminder', language: 'en', variables: { ...variables, day: 'a\nb' } },
      { field: 'template.variables.day' },
    ],
    [
      'a tab',
      { name: 'reminder', language: 'en', variables: { ...variables, day: 'a\tb' } },
      { field: 'template.variables.day' },
    ],
    [
      'five spaces',
      { name: 'reminder', language: 'en', variables: { ...variables, day: 'a     b' } },
      { field: 'template.variables.day' },
    ],
    [
      'no file',
      { name: 'invoice', variables: { 1: '7' }, buttons: [{ index: 0, value: 'x' }] },
      { field: 'template.header' },
    ],
    [
      'a file where none is',
      { name: 'reminder', language: 'en', variables, header: { link: 'https://example.com/' } },
      { field: 'template.header' },
    ],
    [
      'no value for a button',
      { name: 'invoice', variables: { 1: '7' }, header: { link: 'https://example.com/' } },
      { field: 'template.buttons' },
    ],
    [
      'a value for a fixed address',
      {
        name: 'invoice',
        variables: { 1: '7' },
        header: { link: 'https://example.com/' },
        buttons: [
          { index: 0, value: 'x' },
          { index: 2, value: 'y' },
        ],
      },
      { field: 'template.buttons' },
    ],
    [
      'a button that is not there',
      {
        name: 'invoice',
        variables: { 1: '7' },
        header: { link: 'https://example.com/' },
        buttons: [
          { index: 0, value: 'x' },
          { index: 5, value: 'y' },
        ],
      },
      { field: 'template.buttons' },
    ],
  ] as const)(
    'is refused with %s, by the name of the place',
    (_what, asked, details, code = 'template_invalid') => {
      expect(fill(asked as Parameters<typeof fillTemplate>[1])).toThrowError(refused(details, code))
    },
  )
})
