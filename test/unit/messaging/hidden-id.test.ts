import { expect, it } from 'vitest'
import { hiddenIdOf } from '../../../src/messaging/hidden-id.ts'

it('names people by their id, and nobody else', () => {
  expect(hiddenIdOf('9000000000001@lid')).toBe('lid:9000000000001')
  for (const other of ['+15550001111', '15550001111@s.whatsapp.net', '1@lid.example', '1:2@lid', '12@g.us'])
    expect(hiddenIdOf(other)).toBeNull()
})
