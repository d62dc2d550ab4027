import { execFileSync } from 'node:child_process'

/** Calls `act` while no file that this process writes may become larger: as on a disk that is full, a write is refused (`EFBIG`). */
export async function withFileSizeLimit(bytes: number, act: () => Promise<void>): Promise<void> {
  const pid = ['--pid', String(process.pid)]
  const limit = (soft: string): unknown => execFileSync('prlimit', [...pid, `--fsize=${soft}:`])
  const shown = ['--fsize', '--noheadings', '--output', 'SOFT']
  const before = execFileSync('prlimit', [...pid, ...shown], { encoding: 'utf8' }).trim()
  limit(String(bytes))
  try {
    await act()
  } finally {
    limit(before)
  }
}
