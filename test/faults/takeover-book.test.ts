import { describe, expect, it } from 'vitest'
import { CONTACTS, type Person } from './cast.ts'
import { TakeoverBook } from './takeover-book.ts'

const [PERSON] = CONTACTS as [Person]
const addressesOf = ({ phoneNumber }: Person): string[] => [phoneNumber.slice(1)]
const message = (id: string) => ({
  tag: 'message',
  attrs: { id, to: `${PERSON.phoneNumber.slice(1)}@s.whatsapp.net`, type: 'text' },
})
const receipt = (id: string) => ({ tag: 'receipt', attrs: { id, type: 'sender' } })

describe('who talks over the owner', () => {
  it('is whoever sends behind the acknowledgement of words by hand', () => {
    const book = new TakeoverBook()
    book.ownerWrote(PERSON, 'W')
    expect(book.sent(message('A'), addressesOf)).toBeNull()
    book.sent(receipt('W'), addressesOf)
    expect(book.sent(message('B'), addressesOf)).toBe(PERSON)
  })

  it('is whoever sends behind words from a dashboard', () => {
    const book = new TakeoverBook()
    book.ownerSent(PERSON, 'D')
    expect(book.sent(message('A'), addressesOf)).toBeNull()
    expect(book.sent(message('D'), addressesOf)).toBeNull()
    expect(book.sent(message('B'), addressesOf)).toBe(PERSON)
  })

  it.each(['before', 'after'])(
    'is nobody where words leave after the chat was handed back, of which we learn %s',
    (when) => {
      const book = new TakeoverBook()
      book.handingBack(PERSON)
      book.ownerSent(PERSON, 'D')
      if (when === 'before') book.handedBack(PERSON, 'R')
      book.sent(receipt('R'), addressesOf)
      if (when === 'after') book.handedBack(PERSON, 'R')
      book.sent(message('D'), addressesOf)
      expect(book.sent(message('N'), addressesOf)).toBeNull()
      book.ownerSent(PERSON, 'E')
      book.sent(message('E'), addressesOf)
      expect(book.sent(message('O'), addressesOf)).toBe(PERSON)
    },
  )
})
