import { describe, expect, it } from 'vitest'
import { readTemplatePage } from '../../../../../src/transports/cloud-api/templates/read-templates.ts'

const BODY = { type: 'BODY', text: 'Hi {{1}}, order {{2}} of {{1}}.', example: { body_text: [['Ann', '7']] } }
const template = (more: object = {}) => ({
  name: 'order',
  language: 'en_US',
  status: 'APPROVED',
  category: 'UTILITY',
  id: '1',
  components: [BODY],
  ...more,
})
const only = (listed: unknown) => readTemplatePage({ data: [listed] })?.templates[0]

describe('a list of templates', () => {
  it('has those that are approved, with their variables in the order of their numbers', () => {
    const page = readTemplatePage({
      data: [
        template(),
        template({ status: 'PAUSED' }),
        template({ status: 'REJECTED' }),
        { name: 'broken' },
      ],
      paging: { cursors: { before: 'a', after: 'b' } },
    })
    expect(page).toMatchObject({ count: 4, after: null })
    expect(page?.templates).toEqual([
      {
        name: 'order',
        language: 'en_US',
        category: 'utility',
        body: 'Hi {{1}}, order {{2}} of {{1}}.',
        header: null,
        footer: null,
        buttons: [],
        variables: [
          { name: '1', place: 'body', isNamed: false, example: 'Ann' },
          { name: '2', place: 'body', isNamed: false, example: '7' },
        ],
      },
    ])
  })

  it('goes on behind its cursor while there is a next page', () => {
    const paging = { cursors: { after: 'QVFI' }, next: 'https://graph.facebook.com/…' }
    expect(readTemplatePage({ data: [], paging })?.after).toBe('QVFI')
  })

  it('may be in the words of 360dialog', () => {
    const page = readTemplatePage({ count: 1, total: 1, waba_templates: [template({ status: 'approved' })] })
    expect(page?.templates).toMatchObject([{ name: 'order' }])
  })

  it.each([null, 7, 'list', {}, { data: 'x' }, { error: { code: 190 } }])('is not %j', (body) => {
    expect(readTemplatePage(body)).toBeNull()
  })
})

describe('a template', () => {
  it('has named variables in the order in which they stand, with their examples', () => {
    const named = template({
      parameter_format: 'NAMED',
      components: [
        {
          type: 'BODY',
          text: '{{ day }} and {{name}}',
          example: { body_text_named_params: [{ param_name: 'name', example: 'Ann' }] },
        },
      ],
    })
    expect(only(named)?.variables).toEqual([
      { name: 'day', place: 'body', isNamed: true, example: null },
      { name: 'name', place: 'body', isNamed: true, example: 'Ann' },
    ])
  })

  it('has named variables also where the list does not say so', () => {
    const plain = template({ components: [{ type: 'BODY', text: '{{day}}' }] })
    expect(only(plain)?.variables).toMatchObject([{ name: 'day', isNamed: true }])
  })

  it('has a header, a footer and buttons', () => {
    const full = template({
      components: [
        { type: 'HEADER', format: 'TEXT', text: 'For {{1}}', example: { header_text: ['Ann'] } },
        BODY,
        { type: 'FOOTER', text: 'Thanks' },
        {
          type: 'BUTTONS',
          buttons: [
            { type: 'QUICK_REPLY', text: 'Yes' },
            { type: 'URL', text: 'Track', url: 'https://example.com/{{1}}' },
            { type: 'URL', text: 'Site', url: 'https://example.com/' },
            { type: 'COPY_CODE', example: 'X' },
            { type: 'FLOW', text: 'Book' },
          ],
        },
      ],
    })
    expect(only(full)).toMatchObject({
      header: { kind: 'text', text: 'For {{1}}' },
      footer: 'Thanks',
      variables: [{ name: 'header.1', place: 'header', example: 'Ann' }, { name: '1' }, { name: '2' }],
      buttons: [
        { index: 0, kind: 'reply', needsValue: false },
        { index: 1, kind: 'url', needsValue: true },
        { index: 2, kind: 'url', needsValue: false },
        { index: 3, kind: 'code', needsValue: true },
        { index: 4, kind: 'other', needsValue: false },
      ],
    })
  })

  it.each([
    ['IMAGE', 'image'],
    ['VIDEO', 'video'],
    ['DOCUMENT', 'document'],
    ['LOCATION', 'other'],
  ])('with a header %s needs %s', (format, kind) => {
    expect(only(template({ components: [{ type: 'HEADER', format }, BODY] }))?.header).toEqual({ kind })
  })

  it.each([
    ['without a body', { components: [] }],
    ['without a name', { name: '' }],
    ['with a body of another type', { components: [{ type: 'BODY', text: 7 }] }],
  ])('%s is left out', (_what, more) => {
    expect(only(template(more))).toBeUndefined()
  })

  it('is not lost for an example that is not as expected', () => {
    const odd = template({ components: [{ ...BODY, example: { body_text: 'Ann' } }] })
    expect(only(odd)?.variables.map(({ example }) => example)).toEqual([null, null])
  })
})
