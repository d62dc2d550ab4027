import { expect, test } from 'vitest'
import { CONNECTORS } from '../../../../src/agents/registry.ts'
import { ConfigDocument } from '../../../../src/config/document/config-document.ts'
import { foldLists } from '../../../../src/config/edit/fold-lists.ts'
import { settingsEdit } from '../../../../src/config/edit/edit-settings.ts'
import { planEdit } from '../../../../src/config/edit/plan-edit.ts'
import { applied, resolve } from '../edit-corpus.ts'

const numbers = Array.from({ length: 300 }, (_, index) => `+1212${2_000_000 + index}`)
const list = (name: string): string =>
  `    ${name}: [ // who\n${numbers.map((number) => `      '${number}', /* left out 0 */`).join('\n')}\n    ],\n`
const text = `\uFEFF{ channels: { whatsapp: {\n${list('allowFrom')}${list('groupAllowFrom')}    typing: true,\n} } }\n`

test('folding is undone without a trace, and leaves lists alone that are named', () => {
  const { document, unfold } = foldLists(new ConfigDocument(text), ['groupAllowFrom'])
  expect(document.text.length).toBeLessThan(text.length * 0.6)
  expect(document.text).toContain(list('groupAllowFrom'))
  expect(unfold(document).text).toBe(text)
  expect(unfold(document.withBody(document.body.replace('typing: true', 'typing: false'))).text).toBe(
    text.replace('typing: true', 'typing: false'),
  )
})

test('an edit leads to the same text and config as without folding', () => {
  const changes = [
    { path: ['typing'], value: false },
    { path: ['groupAllowFrom'], remove: numbers.slice(0, 150) },
    { path: ['allowFrom'], add: ['+12139999999'] },
    { path: ['senders', numbers[7] ?? '', 'name'], value: 'Ann' },
  ]
  const current = resolve(text)
  const plan = planEdit({
    edit: { edit: 'settings', request: { changes, confirmed: [] } },
    before: new ConfigDocument(text),
    revision: undefined,
    current,
    context: { directory: '/', env: {}, connectors: CONNECTORS },
  })
  expect(plan?.after.text).toBe(applied(settingsEdit(changes, []), text, current))
  expect(plan?.config.accounts['default']?.access.allowFrom).toEqual([...numbers, '+12139999999'])
  expect(plan?.config.accounts['default']?.groupAccess.groupAllowFrom).toEqual(numbers.slice(150))
})

// A value that looked like the mark of what is left out was taken for it: the list lost its middle, and `revoked` is such a list.
test('no value of an edit is taken for what is left out', () => {
  for (const value of ['/*left out 0*/', '/*left out 1*/', '/*.left out 0*/', '$&']) {
    const early = `{ channels: { whatsapp: { name: "Home",\n${list('allowFrom').replaceAll('/* left out 0 */', '').replaceAll('\n', ' ').replace('// who', '')} } } }`
    const plan = planEdit({
      edit: { edit: 'settings', request: { changes: [{ path: ['name'], value }], confirmed: [] } },
      before: new ConfigDocument(early),
      revision: undefined,
      current: resolve(early),
      context: { directory: '/', env: {}, connectors: CONNECTORS },
    })
    expect(plan?.config.accounts['default']).toMatchObject({ name: value, access: { allowFrom: numbers } })
  }
})

test('entries are added to lists alone', () => {
  const edit = settingsEdit([{ path: ['typing'], add: ['x'] }], [])
  expect(() => edit.prepare?.(resolve(text))).toThrow(
    expect.objectContaining({ code: 'config_key_refused' }) as Error,
  )
})
