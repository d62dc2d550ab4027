import { describe, expect, it } from 'vitest'
import { CommandFailure } from '../../../../../src/cli/command-failure.ts'
import { readPeople } from '../../../../../src/cli/remote/allowlist/read-people.ts'

describe('the people that a command line names', () => {
  it.each([
    [['+15550001111'], ['+15550001111']],
    [['+1', '(555)', '000-1111'], ['+15550001111']],
    [
      ['+1 555 000 1111', '+44 20 7946 0000'],
      ['+15550001111', '+442079460000'],
    ],
    [
      ['+1', '555', '000', '1111', '+44', '20', '7946', '0000'],
      ['+15550001111', '+442079460000'],
    ],
    [['0044', '20', '7946', '0000'], ['+442079460000']],
    [['49', '1701234567'], ['+491701234567']],
    [
      ['491701234567', '15550001111'],
      ['+491701234567', '+15550001111'],
    ],
    [['+15550001111', '15550001111'], ['+15550001111']],
    [
      ['tel:+1-555-000-1111', 'https://wa.me/15550002222'],
      ['+15550001111', '+15550002222'],
    ],
    [['whatsapp:+15550001111'], ['+15550001111']],
    [['https://api.whatsapp.com/send?phone=15550001111'], ['+15550001111']],
    [['15550001111@s.whatsapp.net'], ['+15550001111']],
    [['lid:123456789012345'], ['lid:123456789012345']],
    [
      ['123456789012345@lid', 'bsuid:AT.98aZ'],
      ['lid:123456789012345', 'bsuid:AT.98aZ'],
    ],
    [['*'], ['*']],
    [['\u202a+1 555 000 1111\u202c'], ['+15550001111']],
  ])('%j', (words, people) => {
    expect(readPeople(words)).toEqual(people)
  })

  it.each([
    [['12'], '12: Not a possible phone number: too few digits'],
    [['+1', '555'], '+1 555: Not a possible phone number: too few digits'],
    [['0171', '1234567'], '0171 1234567: Not a possible phone number: it does not begin with a known'],
    [['+15550001111', 'Alice'], 'Alice: Not a possible phone number'],
    [['120363000000000000@g.us'], 'it is a group; groups are named in groups or groupAllowFrom'],
    [['bsuid:nonsense'], 'bsuid:nonsense: Not a possible phone number'],
  ])('%j names nobody', (words, message) => {
    expect(() => readPeople(words)).toThrow(message)
  })

  it('asks where words may be one number as well as several', () => {
    // German numbers may be short, and those of Saint Helena are.
    const words = ['+491234', '29022222']
    let failure: unknown
    try {
      expect(readPeople(words)).toEqual([])
    } catch (error) {
      failure = error
    }
    expect(failure).toBeInstanceOf(CommandFailure)
    expect(failure).toMatchObject({ exitCode: 2, message: expect.stringContaining('may be one number or 2') })
  })
})
