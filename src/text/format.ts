import { formatInline } from './format-inline.ts'

const FENCE = /^\s{0,3}(`{3,}|~{3,})(.*)$/
const HEADING = /^\s{0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/
const BULLET = /^([ \t]*)[*+][ \t]+(?=\S)/
const RULE = /^\s{0,3}(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})$/

/**
 * Markdown as assistants write it → the marks that WhatsApp shows: `*bold*`, `_italic_`, `~strike~`, `- ` lists, code
 * as it is, headings in bold, links as "text (address)". What is no Markdown comes back unchanged; code is not touched.
 */
export function toWhatsAppText(markdown: string): string {
  const lines: string[] = []
  let fence: string | null = null
  for (const line of markdown.replaceAll('\r\n', '\n').split('\n')) {
    const mark = FENCE.exec(line)
    if (fence !== null) {
      const closes = mark !== null && isClosing(mark, fence)
      lines.push(closes ? '```' : line)
      if (closes) fence = null
    } else if (mark !== null && !mark[2]?.includes('`')) {
      fence = mark[1] ?? null
      lines.push('```')
    } else {
      lines.push(formatLine(line))
    }
  }
  return lines.join('\n')
}

function isClosing(mark: RegExpExecArray, opening: string): boolean {
  const [, marks = '', after = ''] = mark
  return marks[0] === opening[0] && marks.length >= opening.length && after.trim() === ''
}

function formatLine(line: string): string {
  if (RULE.test(line)) return '---'
  const heading = HEADING.exec(line)?.[1]
  if (heading !== undefined) return formatHeading(heading)
  const bullet = BULLET.exec(line)
  if (bullet !== null) return `${bullet[1] ?? ''}- ${formatInline(line.slice(bullet[0].length))}`
  return formatInline(line)
}

/** Bold inside of bold would end it. */
function formatHeading(heading: string): string {
  const text = formatInline(heading.replaceAll('**', '').replaceAll('__', '')).trim()
  return text === '' ? '' : `*${text}*`
}
