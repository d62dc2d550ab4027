import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { leastSeconds } from '../../../../src/agents/transcription/least-seconds.ts'
import { opusFile } from '../../../support/opus-file.ts'
import { wavFile } from '../../../support/wav-file.ts'

const MEGABYTE = 1_000_000
/** One second, by its pages; a false position at its end changes no byte of its sound. */
const LYING_OGG = Buffer.concat([
  opusFile({ seconds: 1 }).subarray(0, 200),
  Buffer.alloc(MEGABYTE),
  opusFile({ seconds: 1 }),
])

it.each<[string, string, Buffer, number]>([
  ['Ogg by what it says', 'audio/ogg', opusFile({ seconds: 61 }), 61],
  ['Ogg that says less than its bytes need', 'audio/ogg', LYING_OGG, 25],
  ['WAV by the rate in its header', 'audio/wav', wavFile(90), 90],
  ['WAV without a rate', 'audio/wav', Buffer.from('RIFF....WAVELIST'), 0],
  ['MP3 by its bytes', 'audio/mpeg', Buffer.alloc(MEGABYTE), 25],
  ['FLAC not at all', 'audio/flac', Buffer.alloc(MEGABYTE), 0],
])('%s', async (_what, mimeType, content, seconds) => {
  const directory = mkdtempSync(join(tmpdir(), 'least-seconds-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'sound')
  writeFileSync(path, content)
  expect(Math.round(await leastSeconds({ path, size: content.length, mimeType }))).toBe(seconds)
})
