import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sniffType } from '../../../../src/conversations/media/sniff-type.ts'

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1')
const padded = (...start: (string | Buffer)[]): Buffer =>
  Buffer.concat([...start.map((each) => (typeof each === 'string' ? ascii(each) : each)), Buffer.alloc(600)])

/** A ZIP with one entry of zeros, which unpacks to `size` bytes. */
function zipBomb(name: string, size: number): Buffer {
  const data = deflateRawSync(Buffer.alloc(size))
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(8, 8)
  header.writeUInt32LE(data.length, 18)
  header.writeUInt32LE(size, 22)
  header.writeUInt16LE(name.length, 26)
  return Buffer.concat([header, ascii(name), data])
}

describe('what the bytes of a file show it to be', () => {
  let directory: string
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'sniff-'))
  })
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  const sniff = (bytes: Buffer | string, name: string | null = null): Promise<unknown> => {
    const path = join(directory, 'file')
    writeFileSync(path, bytes)
    return sniffType(path, name)
  }

  it.each([
    ['a photo', padded('\xff\xd8\xff\xe0\0\x10JFIF'), 'image/jpeg', 'jpg'],
    ['a sticker', padded('RIFF\0\0\0\0WEBPVP8 '), 'image/webp', 'webp'],
    ['a video', padded('\0\0\0\x18ftypmp42\0\0\0\0mp42isom'), 'video/mp4', 'mp4'],
    [
      'a voice note',
      padded('OggS\0\x02', Buffer.alloc(22), 'OpusHead\x01\x01'),
      'audio/ogg; codecs=opus',
      'opus',
    ],
    ['a PDF', padded('%PDF-1.7\n'), 'application/pdf', 'pdf'],
  ])('%s', async (_what, bytes, type, extension) => {
    expect(await sniff(bytes)).toEqual({ type, extension })
  })

  it.each([
    ['an ELF program', padded('\x7fELF\x02\x01\x01'), 'photo.jpg'],
    ['a program of Windows', padded('MZ\x90\0\x03'), 'invoice.pdf.exe'],
    ['a package of Android', zipBomb('AndroidManifest.xml', 10), 'game.apk'],
    ['noise', Buffer.from([1, 2, 3, 250, 251, 0, 7, 9]), 'report.docx'],
    ['nothing', '', 'empty.html'],
  ])('%s lies under no name that something starts', async (_what, bytes, name) => {
    expect(['bin', 'zip']).toContain(((await sniff(bytes, name)) as { extension: string }).extension)
  })

  it.each([
    ['a page', '<!DOCTYPE html><script>alert(1)</script>', 'page.html', 'text/html'],
    ['a page without a head', '\n <body onload=x>', 'page.txt', 'text/html'],
    ['a drawing with a script', '<?xml version="1.0"?><svg onload="x"/>', 'logo.svg', 'image/svg+xml'],
    [
      'a drawing called a picture',
      '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
      'logo.png',
      'image/svg+xml',
    ],
    ['a script', '#!/bin/sh\nrm -rf ~', 'run.sh', 'text/plain'],
    ['a shortcut', '[Desktop Entry]\nExec=sh', 'a.desktop', 'text/plain'],
    ['a letter', 'Grüße, 世界', null, 'text/plain'],
  ])('%s is a plain text', async (_what, text, name, type) => {
    expect(await sniff(text, name)).toEqual({ type, extension: 'txt' })
  })

  it.each([
    ['table.csv', 'a,b\n1,2', 'text/csv', 'csv'],
    ['DATA.JSON', '{"a": 1}', 'application/json', 'json'],
    ['readme.md', '# Hello', 'text/markdown', 'md'],
  ])('the name tells texts apart: %s', async (name, text, type, extension) => {
    expect(await sniff(text, name)).toEqual({ type, extension })
  })

  it('does not take the name for the type: a picture that is called a table is a picture', async () => {
    expect(await sniff(padded('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'), 'table.csv')).toMatchObject({
      extension: 'png',
    })
  })

  it('unpacks no archive that grows', async () => {
    const before = process.memoryUsage().rss
    await sniff(zipBomb('[Content_Types].xml', 200_000_000), 'bomb.docx')
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000)
  })

  it('knows a text whose beginning cuts a character', async () => {
    expect(await sniff('é'.repeat(40_000).slice(1) + 'é')).toMatchObject({ type: 'text/plain' })
    expect(await sniff(`a${'é'.repeat(40_000)}`)).toMatchObject({ type: 'text/plain' })
  })
})
