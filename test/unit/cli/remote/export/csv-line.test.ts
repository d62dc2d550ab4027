import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvLine } from '../../../../../src/cli/remote/export/csv-line.ts'

/** A reader of RFC 4180, section 2, of one record. */
function read(line: string): string[] {
  const fields: string[] = []
  let rest = line.replace(/\r\n$/, '')
  for (;;) {
    const [whole = '', inQuotes, plain] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))/.exec(rest) ?? []
    fields.push(inQuotes?.replaceAll('""', '"') ?? plain ?? '')
    rest = rest.slice(whole.length)
    if (rest === '') return fields
    if (!rest.startsWith(',')) throw new Error(`not a record: ${line}`)
    rest = rest.slice(1)
  }
}

describe('a line of CSV', () => {
  it('is read back as it was, whatever is in it', () => {
    const value = fc.string({ unit: 'binary' }).filter((text) => !/^[=+\-@\t\r＝＋－＠]/.test(text))
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), (values) => {
        expect(read(csvLine(values))).toEqual(values)
      }),
    )
  })

  it('runs nothing in a spreadsheet', () => {
    for (const formula of ['=1+1', '+1+cmd|x', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '＝1+1'])
      expect(read(csvLine(['a', formula]))).toEqual(['a', `'${formula}`])
  })

  it('leaves numbers of phones as they are, and nothing where there is nothing', () => {
    expect(csvLine(['+15550001111', null, 'a, "b"', 'two\nlines'])).toBe(
      '+15550001111,,"a, ""b""","two\nlines"\r\n',
    )
  })
})
