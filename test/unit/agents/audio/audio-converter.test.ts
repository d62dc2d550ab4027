import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AudioConverter } from '../../../../src/agents/audio/audio-converter.ts'
import { findFfmpeg } from '../../../../src/agents/audio/find-ffmpeg.ts'
import { createAgent } from '../../../../src/agents/registry.ts'
import { SecretReader } from '../../../../src/config/secrets/secret-reader.ts'
import { createLogger } from '../../../../src/observability/log/logger.ts'
import { isAlive } from '../../../support/is-alive.ts'
import { opusFile } from '../../../support/opus-file.ts'
import { turnMessageOf, turnOf } from '../../../support/turn-of.ts'
import { wavFile } from '../../../support/wav-file.ts'

const here = { PATH: process.env['PATH'] }
const program = findFfmpeg(here)
if (program === null) console.warn('no test with ffmpeg, which is not installed')

const never = new AbortController().signal

function place(): { directory: string; file: (name: string, content: string | Buffer) => string } {
  const directory = mkdtempSync(join(tmpdir(), 'audio-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return {
    directory,
    file: (name, content) => {
      const path = join(directory, name)
      writeFileSync(path, content)
      return path
    },
  }
}

/** A program in the place of ffmpeg, as a shell's text. */
function standIn(text: string): NodeJS.ProcessEnv {
  const directory = mkdtempSync(join(tmpdir(), 'path-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'ffmpeg')
  writeFileSync(path, `#!/bin/sh\n${text}\n`)
  chmodSync(path, 0o755)
  return { PATH: `${directory}:${process.env['PATH'] ?? ''}` }
}

describe('without ffmpeg', () => {
  const converter = new AudioConverter({ environment: { PATH: '/nowhere' } })

  it('takes a voice message as it is, with its length', async () => {
    const { directory, file } = place()
    const source = file('a.ogg', opusFile({ seconds: 2.5 }))
    expect(await converter.toVoice(source, join(directory, 'b.ogg'), never)).toEqual({
      path: source,
      seconds: 2.5,
      waveform: null,
    })
    expect(readdirSync(directory)).toEqual(['a.ogg'])
  })

  it.each([
    ['another sound', wavFile(0.1)],
    ['two channels, which phones do not play as a voice message', opusFile({ seconds: 1, channels: 2 })],
    ['a file that was cut in its first page', opusFile({ seconds: 1 }).subarray(0, 40)],
    [
      'a page that says it has a second stream',
      Buffer.concat([opusFile({ seconds: 0 }).subarray(0, 47), opusFile({ seconds: 1 })]),
    ],
    ['two files, one behind the other', Buffer.concat([opusFile({ seconds: 1 }), otherStream()])],
    ['nothing', Buffer.alloc(0)],
  ])('makes no voice message of %s', async (_what, content) => {
    const { directory, file } = place()
    expect(converter.canConvert).toBe(false)
    expect(await converter.toVoice(file('a', content), join(directory, 'b.ogg'), never)).toBeNull()
    expect(readdirSync(directory)).toEqual(['a'])
  })

  it('makes no voice message of a file that is not there', async () => {
    expect(await converter.toVoice('/nowhere/a.ogg', '/nowhere/b.ogg', never)).toBeNull()
  })
})

function otherStream(): Buffer {
  const file = opusFile({ seconds: 1 })
  for (let at = 0; at !== -1; at = file.indexOf('OggS', at + 1)) file.writeUInt32LE(8, at + 14)
  return file
}

describe.runIf(program !== null)('with ffmpeg', () => {
  const converter = new AudioConverter({ environment: here })

  it('makes a voice message that phones take: Ogg, Opus, one channel, its length, and how loud it is where', async () => {
    const { directory, file } = place()
    const target = join(directory, 'b.ogg')
    const made = await converter.toVoice(
      file(
        'a.wav',
        wavFile(2, (at) => (at < 1 ? 0.1 : 1)),
      ),
      target,
      never,
    )
    expect(made).toMatchObject({ path: target, seconds: 2 })
    expect(made?.waveform).toHaveLength(64)
    const bars = [...(made?.waveform ?? [])]
    expect(Math.max(...bars.slice(0, 30))).toBeLessThan(20)
    expect(Math.min(...bars.slice(34, 62))).toBeGreaterThan(80)
    expect(statSync(target).mode & 0o777).toBe(0o600)
    // Read again, it is a voice message already.
    expect(await converter.toVoice(target, join(directory, 'c.ogg'), never)).toMatchObject({
      path: target,
      seconds: 2,
    })
  })

  it('takes what is in a voice message from no other file', async () => {
    const { directory, file } = place()
    file('secret.wav', wavFile(1))
    for (const [name, list] of [
      ['list.m3u8', `#EXTM3U\n#EXTINF:10,\nsecret.wav\n#EXT-X-ENDLIST\n`],
      ['list.ffconcat', `ffconcat version 1.0\nfile 'secret.wav'\n`],
      ['list.sdp', 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n'],
    ] as const) {
      expect(await converter.toVoice(file(name, list), join(directory, 'b.ogg'), never)).toBeNull()
      expect(existsSync(join(directory, 'b.ogg'))).toBe(false)
    }
  })

  it('writes over no file', async () => {
    const { file } = place()
    const target = file('b.ogg', 'mine')
    expect(await converter.toVoice(file('a.wav', wavFile(1)), target, never)).toBeNull()
    expect(statSync(target).size).toBe(4)
  })

  it('leaves out what the file says of its maker', async () => {
    const { directory, file } = place()
    const source = file('a.wav', wavFile(1))
    const marked = join(directory, 'a.mp3')
    execFileSync(program ?? '', ['-loglevel', 'quiet', '-i', source, '-metadata', 'title=Grandma', marked])
    const made = await converter.toVoice(marked, join(directory, 'b.ogg'), never)
    expect(made).not.toBeNull()
    expect(readFileSync(made?.path ?? '').includes('Grandma')).toBe(false)
  })

  it('makes a WAV file of 16 kHz for models that take nothing else, within a limit', async () => {
    const { file } = place()
    const source = file('a.ogg', opusFile({ seconds: 1 }))
    const wav = await converter.toWav(source, 1_000_000, never)
    expect(wav?.toString('latin1', 0, 4)).toBe('RIFF')
    expect(wav?.readUInt32LE(24)).toBe(16_000)
    expect(wav?.readUInt32LE(40)).toBe((wav?.length ?? 0) - 44)
    expect((wav?.length ?? 0) / 32_000).toBeCloseTo(1, 1)
    expect(await converter.toWav(source, 10_000, never)).toBeNull()
    expect(await converter.toWav(file('b', 'no sound'), 1_000_000, never)).toBeNull()
  })
})

describe('a program in the place of ffmpeg', () => {
  it('that never ends is ended with the signal, and what it started', async () => {
    const { directory, file } = place()
    const abort = new AbortController()
    const pid = join(directory, 'pid')
    const environment = standIn(`sleep 600 & echo $! > ${pid}.new; mv ${pid}.new ${pid}; echo begun; wait`)
    const work = new AudioConverter({ environment }).toWav(file('a', 'x'), 1_000, abort.signal)
    await until(() => existsSync(pid))
    abort.abort()
    expect(await work).toBeNull()
    await until(() => !isAlive(Number(readFileSync(pid, 'utf8'))))
  })

  it('that writes without end is stopped at the limit', async () => {
    const { file } = place()
    const environment = standIn('exec cat /dev/zero')
    expect(await new AudioConverter({ environment }).toWav(file('a', 'x'), 100_000, never)).toBeNull()
  })

  it('sees neither the keys of the daemon nor a file of its own choice, and reads no terminal', async () => {
    const { directory, file } = place()
    const seen = join(directory, 'seen')
    const environment = {
      ...standIn(`{ env; printf '%s\\n' "$@"; pwd; cat; } > ${seen}`),
      OPENAI_API_KEY: 'sk-secret',
    }
    await new AudioConverter({ environment }).toWav(file('-a', 'x'), 1_000, never)
    const told = readFileSync(seen, 'utf8')
    expect(told).not.toContain('sk-secret')
    expect(told).toContain('\n-protocol_whitelist\nfile\n')
    expect(told).toContain(`\nfile:${join(directory, '-a')}\n`)
    expect(told.trimEnd().endsWith('\n/')).toBe(true)
  })

  it('runs twice at most at a time, for all agents and answers of a daemon together', async () => {
    const { directory, file } = place()
    const log = join(directory, 'log')
    const environment = standIn(`echo begin >> ${log}; sleep 0.3; echo end >> ${log}`)
    const audio = new AudioConverter({ environment })
    const sound = file('a.ogg', 'OggS no sound')
    const voice = turnMessageOf({
      attachments: [{ kind: 'audio', what: 'voice', name: null, mimeType: null, size: null, path: sound }],
    })
    const agents = ['ada', 'ben', 'eve'].map((id) => {
      const settings = { baseUrl: 'http://127.0.0.1:1', model: 'm', audio: true }
      const secrets = new SecretReader({ env: {}, logger: createLogger({ level: 'silent' }) })
      const programs = { account: 'default', environment, stateDirectory: directory }
      return createAgent(id, { connector: 'openai-chat', settings }, { secrets, programs, audio })
    })
    await Promise.allSettled([
      audio.toVoice(file('b', 'x'), join(directory, 'b.ogg'), never),
      ...agents.map(async (agent) => {
        for await (const part of agent.reply(turnOf({ messages: [voice] }), never)) expect(part).toBe(null)
      }),
    ])
    const steps = readFileSync(log, 'utf8').trim().split('\n')
    const running = steps.map((_, index) => {
      const before = steps.slice(0, index + 1)
      return before.filter((step) => step === 'begin').length - before.filter((step) => step === 'end').length
    })
    expect(steps.filter((step) => step === 'begin')).toHaveLength(4)
    expect(Math.max(...running)).toBe(2)
  })

  it('that other users can change is not started', () => {
    const environment = standIn('true')
    const [directory = ''] = (environment['PATH'] ?? '').split(':')
    expect(new AudioConverter({ environment }).canConvert).toBe(true)
    chmodSync(join(directory, 'ffmpeg'), 0o777)
    expect(new AudioConverter({ environment }).canConvert).toBe(false)
  })

  it('is looked up in whole paths alone', () => {
    const { directory } = place()
    mkdirSync(join(directory, 'bin'))
    expect(new AudioConverter({ environment: { PATH: 'bin:.:' } }).canConvert).toBe(false)
  })
})

async function until(isSo: () => boolean): Promise<void> {
  await expect.poll(isSo, { interval: 10 }).toBe(true)
}
