import { open, rm } from 'node:fs/promises'
import { Places } from '../../timing/places.ts'
import { findFfmpeg } from './find-ffmpeg.ts'
import { readOggOpus } from './ogg-opus.ts'
import { runFfmpeg } from './run-ffmpeg.ts'
import { WaveformMeter } from './waveform.ts'

/** A voice message as WhatsApp's apps record it: Ogg with Opus, one channel. */
export interface VoiceRecording {
  /** Where it is: the file that was given, where it was one already, or the new one. */
  path: string
  seconds: number
  /** 64 values from 0 to 100, for the bars that are shown; `null` where nothing could work them out. */
  waveform: Uint8Array | null
}

/** Longer sound is no voice message. */
const MAX_SECONDS = 3_600
/** Programs side by side, of all accounts: each takes a processor for a while. */
const MAX_RUNNING = 2
const METER_RATE = 8_000
/** 50 ms. */
const METER_BLOCK = 400
const WAV_RATE = 16_000

const ONE_SOUND = ['-map', '0:a:0', '-map_metadata', '-1', '-ac', '1']
const VOICE = [...ONE_SOUND, '-ar', '48000', '-c:a', 'libopus', '-b:a', '32k', '-application', 'voip']
const SAMPLES = ['-c:a', 'pcm_s16le', '-f', 's16le', 'pipe:1']

export interface AudioConverterDependencies {
  /** Of the daemon: PATH says where ffmpeg is. */
  environment: NodeJS.ProcessEnv
}

/** Makes of a sound what others can take, by ffmpeg where it is installed. Files may be hostile; a whole path each. */
export class AudioConverter {
  readonly #deps: AudioConverterDependencies
  readonly #places = new Places(MAX_RUNNING)

  constructor(deps: AudioConverterDependencies) {
    this.#deps = deps
  }

  /** Whether ffmpeg is there now. */
  get canConvert(): boolean {
    return findFfmpeg(this.#deps.environment) !== null
  }

  /**
   * The sound of `source` as a voice message. One that is one already is left as it is, also without ffmpeg; of every other a new file
   * is made at `target`, which must not exist, readable by this user alone. `null` where it cannot be: without ffmpeg, for what has no
   * sound, and for more than an hour. Never rejects, and leaves no file behind then.
   */
  async toVoice(source: string, target: string, signal: AbortSignal): Promise<VoiceRecording | null> {
    const own = await readOggOpus(source)
    const isVoice = own !== null && own.channels === 1 && own.seconds <= MAX_SECONDS
    const meter = new WaveformMeter(METER_BLOCK)
    const measuring = [...limitTo(MAX_SECONDS), ...ONE_SOUND, '-ar', String(METER_RATE), ...SAMPLES]
    const take = (bytes: Buffer): boolean => {
      meter.add(bytes)
      return true
    }
    if (isVoice) {
      const isMeasured = await this.#run(source, measuring, take, signal)
      return { path: source, seconds: own.seconds, waveform: isMeasured ? meter.bars() : null }
    }
    if (!this.canConvert || !(await createPrivately(target))) return null
    // One second more shows that there is more.
    const writing = [...limitTo(MAX_SECONDS + 1), ...VOICE, '-f', 'ogg', '-y', `file:${target}`]
    const isMade = await this.#run(source, [...writing, ...measuring], take, signal)
    const made = isMade ? await readOggOpus(target) : null
    if (made !== null && made.seconds > 0 && made.seconds <= MAX_SECONDS)
      return { path: target, seconds: made.seconds, waveform: meter.bars() }
    await rm(target, { force: true })
    return null
  }

  /**
   * The sound of `source` as a WAV file of 16 kHz and one channel, for models that take nothing else: 32 kB a second. `null` without
   * ffmpeg, for what has no sound, and where it has more than `maxBytes`. Never rejects.
   */
  async toWav(source: string, maxBytes: number, signal: AbortSignal): Promise<Buffer | null> {
    const pieces: Buffer[] = []
    let length = 0
    const isMade = await this.#run(
      source,
      [...ONE_SOUND, '-ar', String(WAV_RATE), ...SAMPLES],
      (bytes) => {
        pieces.push(bytes)
        length += bytes.length
        return length <= maxBytes
      },
      signal,
    )
    if (!isMade || length === 0 || length > maxBytes) return null
    return Buffer.concat([wavHeader({ rate: WAV_RATE, bytes: length }), ...pieces])
  }

  async #run(
    source: string,
    outputs: readonly string[],
    take: (bytes: Buffer) => boolean,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { environment } = this.#deps
    let leave: (() => void) | undefined
    try {
      leave = await this.#places.take(signal)
      const program = findFfmpeg(environment)
      return program !== null && (await runFfmpeg({ program, source, outputs, take, environment, signal }))
    } catch {
      // It was given up while it waited.
      return false
    } finally {
      leave?.()
    }
  }
}

function limitTo(seconds: number): string[] {
  return ['-t', String(seconds)]
}

/** Empty, so that ffmpeg finds a file with the rights that it must have. */
async function createPrivately(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx', 0o600)).close()
    return true
  } catch {
    return false
  }
}

/** In front of samples of 16 bits, one channel: `rate` of them a second, `bytes` in all. */
function wavHeader({ rate, bytes }: { rate: number; bytes: number }): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(36 + bytes, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  // PCM, one channel.
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(rate, 24)
  header.writeUInt32LE(rate * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(bytes, 40)
  return header
}
