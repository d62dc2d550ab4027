import { expect, it } from 'vitest'
import { sessionId } from '../../../../../src/conversations/turns/content/session-id.ts'

const direct = (id: number, name: string) => ({ id, kind: 'direct' as const, name })

it('is made of the number or the group, and of the conversation where there is none', () => {
  expect(sessionId('default', direct(7, '+15550001111'))).toBe('wa_15550001111')
  expect(sessionId('default', { id: 8, kind: 'group', name: '120363000000000001@g.us' })).toBe(
    'wa_120363000000000001',
  )
  expect(sessionId('default', { id: 8, kind: 'group', name: '4915550001111-1600000000@g.us' })).toBe(
    'wa_4915550001111-1600000000',
  )
  expect(sessionId('default', direct(9, '9000000000001@lid'))).toBe('wa_c9')
  expect(sessionId('default', direct(9, 'bsuid:AT.98aZ'))).toBe('wa_AT.98aZ')
  expect(sessionId('work', direct(9, 'bsuid:AT.ENT.98aZ'), 2)).toBe('wa_work.AT.ENT.98aZ_2')
  expect(sessionId('work', direct(7, '+15550001111'))).toBe('wa_work.15550001111')
})

it('is another one after every new beginning', () => {
  expect(sessionId('default', direct(7, '+15550001111'), 2)).toBe('wa_15550001111_2')
  expect(sessionId('work', direct(9, '9000000000001@lid'), 3)).toBe('wa_work.c9_3')
})

it('stays short and ASCII for every account and group', () => {
  const longest = sessionId('a'.repeat(64), { id: 1, kind: 'group', name: `${'1'.repeat(40)}@g.us` }, 100_000)
  expect(longest).toMatch(/^[\w.-]{1,128}$/)
  expect(sessionId('default', direct(1, `bsuid:AT.${'1'.repeat(128)}`))).toBe('wa_c1')
  expect(sessionId('default', { id: 1, kind: 'group', name: `${'1'.repeat(200)}@g.us` })).toBe('wa_c1')
})
