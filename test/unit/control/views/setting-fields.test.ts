import { expect, it } from 'vitest'
import { SETTING_FIELDS, settingValues } from '../../../../src/control/views/setting-fields.ts'
import { settingFieldSchema } from '../../../../src/protocol/config/setting-field.ts'
import { CARD_TEXTS } from '../../../../src/web/card/text/card-texts.ts'
import { resolve } from '../../config/edit-corpus.ts'

it('follow from the declarations of the settings, with the range of each', () => {
  expect(SETTING_FIELDS).toEqual(
    expect.arrayContaining([
      { path: ['defaultAgent'], kind: 'agent', label: 'Default agent' },
      {
        path: ['stickyTtlMinutes'],
        kind: 'number',
        label: 'Minutes that a chosen agent stays active',
        minimum: 0,
        maximum: 525_600,
      },
      {
        path: ['ackReaction', 'emoji'],
        kind: 'text',
        label: 'Reaction that says “seen” (empty for none)',
        maximumLength: 64,
      },
      expect.objectContaining({ path: ['sendReadReceipts'], kind: 'switch' }),
      expect.objectContaining({
        path: ['language'],
        options: expect.arrayContaining(['de']),
        labels: expect.objectContaining({ de: 'Deutsch' }),
      }),
    ]),
  )
  for (const field of SETTING_FIELDS) settingFieldSchema.parse(field)
})

it('have the value in force of every account', () => {
  const { accounts } = resolve(
    "{ channels: { whatsapp: { ackReaction: { emoji: 'eyes' }, accounts: { home: { sendReadReceipts: false }, work: {} } } } }",
  )
  const [home, work] = [accounts['home'], accounts['work']]
  if (home === undefined || work === undefined) throw new Error('an account is missing')
  expect(settingValues(home)).toMatchObject({
    sendReadReceipts: false,
    'ackReaction.emoji': '👀',
    stickyTtlMinutes: 30,
    defaultAgent: 'echo',
  })
  expect(settingValues(work)).toMatchObject({ sendReadReceipts: true })
  for (const { path } of SETTING_FIELDS)
    expect(settingValues(work)[path.join('.')], path.join('.')).toBeDefined()
})

it('have labels that a page can translate', () => {
  const texts = SETTING_FIELDS.flatMap(({ label, hint }) => (hint === undefined ? [label] : [label, hint]))
  expect(CARD_TEXTS).toEqual(expect.arrayContaining(texts))
})
