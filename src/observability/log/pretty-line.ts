const LEVEL_NAMES: Readonly<Record<string, string>> = {
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO ',
  warn: 'WARN ',
  error: 'ERROR',
  fatal: 'FATAL',
}
const LEVEL_COLOURS: Readonly<Record<string, number>> = { warn: 33, error: 31, fatal: 31, info: 32 }
const GREY = 90
const PLAIN = /^[^\s"=]+$/

const paint = (text: string, colour: number, colours: boolean): string =>
  colours ? `\u001B[${colour}m${text}\u001B[0m` : text

function field([key, value]: [string, unknown]): string {
  const plain = typeof value === 'string' && PLAIN.test(value)
  return `${PLAIN.test(key) ? key : JSON.stringify(key)}=${plain ? value : JSON.stringify(value)}`
}

/** Indented, so that no line of a stack can look like a log line. */
function indented(trace: string): string {
  return trace
    .split('\n')
    .map((line) => `    ${line.trimStart()}`)
    .join('\n')
}

/** One JSON log line as one readable line (`12:03:04 INFO  message key=value`), with an error's stack below it. */
export function prettyLine(jsonLine: string, colours: boolean): string {
  let record: Record<string, unknown>
  try {
    // Our own logger wrote the line: always an object.
    record = JSON.parse(jsonLine) as Record<string, unknown>
  } catch {
    return jsonLine
  }
  const { time, level, msg, err, ...rest } = record
  const name = String(level)
  const clock = typeof time === 'string' ? new Date(time).toTimeString().slice(0, 8) : ''
  const fields = Object.entries(rest).map(field)
  let stack = ''
  if (typeof err === 'object' && err !== null) {
    const { message, stack: trace } = err as { message?: unknown; stack?: unknown }
    if (message !== msg) fields.push(field(['error', message]))
    if (typeof trace === 'string') stack = `\n${paint(indented(trace), GREY, colours)}`
  }
  const head = `${paint(clock, GREY, colours)} ${paint(LEVEL_NAMES[name] ?? name, LEVEL_COLOURS[name] ?? GREY, colours)}`
  const text = typeof msg === 'string' ? ` ${msg.replaceAll('\n', '\\n').replaceAll('\t', ' ')}` : ''
  const tail = fields.length > 0 ? ` ${paint(fields.join(' '), GREY, colours)}` : ''
  return `${head}${text}${tail}${stack}\n`
}
