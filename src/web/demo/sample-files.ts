import { oggOpus } from './ogg-opus.ts'

const SAMPLE_RATE = 48_000
const PACKET_MS = 20
/** A packet of 20 ms in which nothing is heard (RFC 6716). */
const SILENCE = Uint8Array.of(0xf8, 0xff, 0xfe)
/** Of the sample voice note: a short tune. */
const TONES_HZ = [392, 523, 659, 523]
const TONE_MS = 500

export const SAMPLE_VOICE_SECONDS = (TONES_HZ.length * TONE_MS) / 1_000

/** A photo, drawn here: hills in the evening. Rejects where the browser cannot draw. */
export async function samplePhoto(): Promise<Blob> {
  const canvas = document.createElement('canvas')
  canvas.width = 640
  canvas.height = 480
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('this browser cannot draw')
  const sky = context.createLinearGradient(0, 0, 0, 480)
  sky.addColorStop(0, '#2b3a67')
  sky.addColorStop(0.7, '#e07a5f')
  context.fillStyle = sky
  context.fillRect(0, 0, 640, 480)
  context.fillStyle = '#f2cc8f'
  context.beginPath()
  context.arc(430, 260, 52, 0, Math.PI * 2)
  context.fill()
  for (const [color, top, phase] of [
    ['#3d5a4c', 300, 0],
    ['#22382e', 360, 2],
  ] as const) {
    context.fillStyle = color
    context.beginPath()
    context.moveTo(0, 480)
    for (let x = 0; x <= 640; x += 8) context.lineTo(x, top + Math.sin(x / 90 + phase) * 38)
    context.lineTo(640, 480)
    context.fill()
  }
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('this browser cannot draw')) : resolve(blob)),
      'image/jpeg',
      0.85,
    ),
  )
}

/** A voice note as phones send it: a tune where the browser can encode one, silence elsewhere. */
export async function sampleVoice(): Promise<Blob> {
  const packets = await encodedTune().catch(() => null)
  const silence = Array.from({ length: (SAMPLE_VOICE_SECONDS * 1_000) / PACKET_MS }, () => SILENCE)
  return new Blob([oggOpus(packets ?? silence, PACKET_MS)], { type: 'audio/ogg; codecs=opus' })
}

/** A text file. */
export function sampleDocument(): Blob {
  return new Blob(['Shopping\n\n- bread\n- 6 eggs\n- coffee\n'], { type: 'text/plain' })
}

async function encodedTune(): Promise<Uint8Array[] | null> {
  if (!('AudioEncoder' in globalThis)) return null
  const packets: Uint8Array[] = []
  // A failure closes the encoder, and then `flush` rejects.
  const encoder = new AudioEncoder({
    output: (chunk) => {
      const packet = new Uint8Array(chunk.byteLength)
      chunk.copyTo(packet)
      packets.push(packet)
    },
    error: () => undefined,
  })
  encoder.configure({ codec: 'opus', sampleRate: SAMPLE_RATE, numberOfChannels: 1, bitrate: 24_000 })
  const data = tune()
  const audio = new AudioData({
    format: 'f32',
    sampleRate: SAMPLE_RATE,
    numberOfFrames: data.length,
    numberOfChannels: 1,
    timestamp: 0,
    data,
  })
  encoder.encode(audio)
  audio.close()
  await encoder.flush()
  encoder.close()
  return packets
}

function tune(): Float32Array<ArrayBuffer> {
  const perTone = (SAMPLE_RATE * TONE_MS) / 1_000
  const samples = new Float32Array(perTone * TONES_HZ.length)
  for (let index = 0; index < samples.length; index++) {
    const within = (index % perTone) / perTone
    const hertz = TONES_HZ[Math.floor(index / perTone)] ?? 0
    samples[index] = Math.sin((2 * Math.PI * hertz * index) / SAMPLE_RATE) * 0.3 * Math.sin(Math.PI * within)
  }
  return samples
}
