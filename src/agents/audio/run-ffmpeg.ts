import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants, setPriority } from 'node:os'
import { programEnvironment } from '../programs/program-environment.ts'
import { RunningProgram } from '../programs/running-program.ts'

const LIMIT_MS = 60_000
/** Of one buffer: a header may ask for gigabytes. */
const MAX_ALLOCATION_BYTES = 256 * 1_024 * 1_024
/**
 * What may be read, by ffmpeg's own names. None of these opens a second file, as playlists and lists of files do
 * (https://ffmpeg.org/ffmpeg-formats.html#concat-1, #hls-1).
 */
const FORMATS = 'ogg,wav,w64,mp3,aac,flac,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,amr,aiff,caf,au,asf'

export interface FfmpegWork {
  /** The whole path of the program. */
  program: string
  /** A local file; its content may be hostile. A whole path. */
  source: string
  /** What is made of it: options and names of outputs, as ffmpeg takes them. */
  outputs: readonly string[]
  /** What is written to `pipe:1`. Answers `false` when it has enough. */
  take: (bytes: Buffer) => boolean
  environment: NodeJS.ProcessEnv
  signal: AbortSignal
}

/**
 * Runs ffmpeg over one local file: without a shell, in a process group of its own, with a small environment and a low priority, for 60
 * seconds at most. It opens that file alone, whatever stands in it, and of it the first sound. `true`: it ended well, or `take` had
 * enough. Never rejects.
 */
export async function runFfmpeg(work: FfmpegWork): Promise<boolean> {
  const { program, source, outputs, take, environment, signal } = work
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)])
  if (limit.aborted) return false
  const reading = ['-protocol_whitelist', 'file', '-format_whitelist', FORMATS, '-i', `file:${source}`]
  const args = ['-nostdin', '-hide_banner', '-loglevel', 'quiet', '-max_alloc', String(MAX_ALLOCATION_BYTES)]
  try {
    const child = spawn(program, [...args, ...reading, ...outputs], {
      cwd: '/',
      env: programEnvironment(environment, {}),
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own, so that it ends with whatever it starts.
      detached: true,
    })
    const spawned = once(child, 'spawn')
    // Awaited below; an error that nobody hears ends the daemon.
    spawned.catch(() => {})
    // Without an id it has no pipes either, and never ends.
    if (child.pid === undefined) await spawned
    const running = new RunningProgram(child)
    await spawned
    return await untilEnd(running, { pid: child.pid ?? 0, take, limit })
  } catch {
    return false
  }
}

async function untilEnd(
  running: RunningProgram,
  { pid, take, limit }: { pid: number; take: FfmpegWork['take']; limit: AbortSignal },
): Promise<boolean> {
  const stop = (): void => void running.stop()
  limit.addEventListener('abort', stop, { once: true })
  if (limit.aborted) stop()
  lower(pid)
  try {
    running.stdin.end()
    for await (const bytes of running.stdout) {
      // A stream of bytes, without an encoding.
      if (!take(bytes as Buffer)) return true
    }
    const { code } = await running.exited
    return code === 0 && !limit.aborted
  } finally {
    limit.removeEventListener('abort', stop)
    await running.stop()
  }
}

/** Chats go first. */
function lower(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW)
  } catch {
    // It has ended, or may not be made slower here.
  }
}
