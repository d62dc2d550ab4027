import { measureLongList } from './long-list.ts'

const LONG_LIST = 22_000
/** Of these the file is still read at once, in the same thread. */
const SHORT_LIST = 1_100

/** The table of `--long-list` as Markdown, or its figures as JSON. */
export async function longListTable(
  program: string,
  rounds: number,
  asJson: boolean,
  progress: (line: string) => void,
): Promise<string> {
  const short = await measureLongList(program, { numbers: SHORT_LIST, rounds }, progress)
  const figures = await measureLongList(program, { numbers: LONG_LIST, rounds }, progress)
  if (asJson) return JSON.stringify(figures)
  const lines = figures.map(({ step, tookMs, stallsMs, ownStallsMs, ownCpuMs, cpuMs }) => {
    const [best, worst] = [Math.min(...stallsMs), Math.max(...stallsMs)]
    const stalls = short.find((figure) => figure.step === step)?.stallsMs ?? []
    const own = [Math.min(...ownStallsMs), Math.max(...ownStallsMs)]
    const cells = [tookMs, best, worst, ...own, Math.min(...stalls), ownCpuMs, cpuMs].map((value) =>
      value.toFixed(0),
    )
    return `| ${step} | ${cells.join(' | ')} |`
  })
  return [
    '| step | took, ms | longest stall, ms: best round | worst round | without other programs: best round | worst round | best round with 1,100 numbers | CPU of that thread, ms | CPU, ms |',
    '|---|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...lines,
  ].join('\n')
}
