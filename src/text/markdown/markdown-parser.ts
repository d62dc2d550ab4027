import createMarkdownIt, { type MarkdownIt, type StateInline, type Token } from 'markdown-it'
import { addressRule } from './address-rule.ts'
import { withTextMarks } from './emphasis-marks.ts'
import { hiddenElementRule } from './hidden-element-rule.ts'
import { lastIndexIn } from './last-index.ts'
import { markerRule } from './marker-rule.ts'
import { markupRule } from './markup-rule.ts'
import { mathRule } from './math-rule.ts'
import { programNameRule } from './program-name-rule.ts'

/**
 * More lists and quotes inside of each other than this are no text of an assistant. markdown-it would drop what is nested
 * in fifty lists (`maxNesting`), and needs time without measure where it is allowed more.
 */
const TOO_DEEP = /^(?![ \t]*([*-])(?:[ \t]*\1)*[ \t]*$)(?:[ \t]*(?:>|(?:[*+-]|\d{1,9}[.)])(?=[ \t]))){40}/m
/** Of a token. markdown-it leaves out what is two levels deeper (`maxNesting`). */
const DEEPEST_LEVEL = 97

const parser = createParser()

/**
 * The blocks of a text in GitHub's Markdown, with `map` in lines of `text` and the inline tokens as children; `null` where
 * it nests more than makes sense.
 */
export function parseMarkdown(text: string): Token[] | null {
  return TOO_DEEP.test(text) ? null : complete(parser.parse(text, { isWhole: true }))
}

/** The same without the inline tokens, for what needs the structure alone. */
export function parseBlocks(text: string): Token[] | null {
  if (TOO_DEEP.test(text)) return null
  const tokens: Token[] = []
  parser.block.parse(text.replaceAll(/\r\n?/g, '\n'), parser, {}, tokens)
  return complete(tokens)
}

/** `null` where the lists nest so deep, line by line, that some of the text may be missing. */
function complete(tokens: Token[]): Token[] | null {
  return tokens.some(({ level }) => level > DEEPEST_LEVEL) ? null : tokens
}

function createParser(): MarkdownIt {
  const markdown = createMarkdownIt({ html: true })
  // Definitions may come long after what they define was sent: `[text][1]` stays as it is.
  markdown.disable(['reference', 'html_block', 'html_inline'])
  markdown.block.ruler.before('lheading', 'hidden_element', hiddenElementRule, {
    alt: ['paragraph', 'blockquote', 'list'],
  })
  markdown.inline.ruler.before('text', 'marker', markerRule)
  markdown.inline.ruler.before('escape', 'math', mathRule)
  markdown.inline.ruler.before('backticks', 'address', addressRule)
  markdown.inline.ruler.before('html_inline', 'markup', markupRule)
  markdown.inline.ruler.before('emphasis', 'program_name', programNameRule)
  markdown.inline.ruler.before('link', 'lone_bracket', loneBracketRule)
  markdown.inline.State = withTextMarks(markdown.inline.State)
  // Addresses are shown, not followed.
  markdown.validateLink = () => true
  markdown.normalizeLink = (address) => address
  markdown.normalizeLinkText = (address) => address
  return markdown
}

/** A bracket that begins no link: markdown-it would look for the end of each one, again and again. */
function loneBracketRule(state: StateInline, silent: boolean): boolean {
  if (state.src[state.pos] !== '[' || lastIndexIn(state, '](') >= state.pos) return false
  if (!silent) state.pending += '['
  state.pos += 1
  return true
}
