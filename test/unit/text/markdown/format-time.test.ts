import { it } from 'vitest'
import { formatMarkdown } from '../../../../src/text/markdown/format-markdown.ts'
import { expectLinearGrowth } from '../../../support/grows-linearly.ts'

it.each(['<!--\n', '<!--\n\n'])('reads many times %j in a time that grows with the length', (mark) =>
  expectLinearGrowth((times) => formatMarkdown(mark.repeat(times)), 15_000),
)

it.each(['b', 'h1', 'span', 'sup', 'script'])(
  'reads elements (%s) that nest in a time that grows with the length',
  (name) =>
    expectLinearGrowth(
      (depth) => formatMarkdown(`a${`<${name}>`.repeat(depth)}x${`</${name}>`.repeat(depth)}`),
      14_000,
    ),
)

it.each(
  [
    '*',
    '**',
    '**a ',
    '*a',
    '`a``b',
    '[',
    '[a](',
    '<',
    '_a **b ',
    String.raw`\*`,
    '> ',
    '- ',
    '<p>',
    '<!--',
  ].concat([
    'http://',
    '|',
    '|a|\n|-|\n',
    '<a href="',
    '**a**',
    '<b>x</b>',
    '~~a',
    '1. ',
    '*a* ',
    '*🍎* ',
    '~a~ ',
    '~a ',
  ]),
)('stays fast on a long text of %j', (unit) =>
  expectLinearGrowth((length) => {
    formatMarkdown(unit.repeat(Math.ceil(length / unit.length)))
    formatMarkdown(`${unit}\n`.repeat(Math.ceil(length / unit.length)))
  }, 15_000),
)
