import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'

const LIMIT = 256

/**
 * Calls `act` while this process can open nothing more, and gives everything back afterwards. The limit is lowered by
 * `prlimit`, of which a second one waits already: it could not be started any more.
 */
export async function withoutDescriptors(act: () => void | Promise<void>): Promise<void> {
  const pid = String(process.pid)
  const script = `
    before=$(prlimit --pid ${pid} --nofile --noheadings --output SOFT) &&
    prlimit --pid ${pid} --nofile=${LIMIT}: && echo lowered && read -r _ && prlimit --pid ${pid} --nofile=$before:`
  const helper = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(helper, 'exit')
  await once(helper.stdout, 'data')
  const taken: number[] = []
  try {
    try {
      for (;;) taken.push(openSync('/dev/null', 'r'))
    } catch {
      // All are taken.
    }
    await act()
  } finally {
    for (const file of taken) closeSync(file)
    helper.stdin.end('\n')
    await ended
  }
}
