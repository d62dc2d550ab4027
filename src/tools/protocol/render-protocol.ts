import { ACCOUNT_STATE_ROWS } from '../../protocol/account/account-states.ts'
import {
  accountSchema,
  codeOfferSchema,
  linkOfferSchema,
  qrOfferSchema,
} from '../../protocol/account/account.ts'
import { configViewSchema } from '../../protocol/config/config-view.ts'
import { ERRORS } from '../../protocol/errors.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import { EVENTS, EVENT_NAMES } from '../../protocol/events.ts'
import { configProblemSchema } from '../../protocol/config/config-problem.ts'
import type { EventName } from '../../protocol/events.ts'
import { fieldsKey, fieldTable } from './field-table.ts'
import { errorDataSchema } from '../../protocol/frames.ts'
import { CLOSE_CODES } from '../../protocol/close-codes.ts'
import { METHODS, METHOD_NAMES } from '../../protocol/methods.ts'
import { snapshotSchema } from '../../protocol/methods/session.ts'
import type { MethodName } from '../../protocol/methods.ts'
import { CHANGELOG_SECTION, EXAMPLES_SECTION, RULES_SECTION, TITLE_SECTION } from './protocol-prose.ts'
import { AGENT_FAILURES } from '../../protocol/account/agent-failures.ts'
import { REASONS } from '../../protocol/reasons.ts'
import { truncatedSchema } from '../../protocol/truncated.ts'

const GENERATED = '<!-- Generated from src/protocol by `npm run docs`; edit the tables there. -->'

/** Shapes that get a table of their own and are referred to by name elsewhere. */
const SHAPES = [
  { title: 'account', anchor: 'account', schema: accountSchema },
  { title: 'config view', anchor: 'config-view', schema: configViewSchema },
  { title: 'config problem', anchor: 'config-problem', schema: configProblemSchema },
  { title: 'snapshot', anchor: 'snapshot', schema: snapshotSchema },
  { title: 'QR offer', anchor: 'qr-offer', schema: qrOfferSchema },
  { title: 'code offer', anchor: 'code-offer', schema: codeOfferSchema },
  { title: 'truncated', anchor: 'truncated', schema: truncatedSchema.element },
] as const

const NAMED = new Map(
  SHAPES.map(({ title, anchor, schema }) => [fieldsKey(Object.keys(schema.shape)), `[${title}](#${anchor})`]),
)

/** `docs/protocol.md`, whole. */
export function renderProtocolDocs(): string {
  return [
    GENERATED,
    TITLE_SECTION,
    EXAMPLES_SECTION,
    RULES_SECTION,
    '## Methods',
    methodOverview(),
    ...METHOD_NAMES.map(methodSection),
    '## Events',
    'The rest of `params` beside `eventId` and `at`. Events that are not stored have `"eventId": null` and are never replayed.',
    eventOverview(),
    ...EVENT_NAMES.map(eventSection),
    '## Shapes',
    ...SHAPES.map(
      ({ title, schema }) => `### ${title}\n\n${fieldTable(schema, 'output', namedExcept(title))}`,
    ),
    '## Account states',
    stateTable(),
    '## Close codes',
    closeTable(),
    CHANGELOG_SECTION,
    '',
  ].join('\n\n')
}

/** `docs/errors.md`, whole. */
export function renderErrorsDocs(): string {
  // The keys of the table are codes.
  const errors = (Object.keys(ERRORS) as ErrorCode[]).map((code) => {
    const row = ERRORS[code]
    const [action, details] = ['action' in row ? row.action : '', 'details' in row ? row.details : '']
    return `| \`${code}\` | ${row.rpcCode} | ${row.retryable ? 'yes' : 'no'} | ${row.message} | ${action} | ${details} |`
  })
  const reasons = Object.entries(REASONS).map(
    ([code, { message, action }]) => `| \`${code}\` | ${message} | ${action} |`,
  )
  const failures = Object.entries(AGENT_FAILURES).map(
    ([code, { message, action }]) => `| \`${code}\` | ${message} | ${action} |`,
  )
  return [
    GENERATED,
    '# Errors and reasons',
    '## Errors',
    'What a request can be refused with. `error.data.code` on the wire is the code here and never changes its meaning; `error.code` is the JSON-RPC number. `retryable` says whether the same request may succeed later.',
    fieldTable(errorDataSchema, 'output', new Map()),
    [
      '| code | number | retryable | message | action | details |',
      '|---|---|---|---|---|---|',
      ...errors,
    ].join('\n'),
    '## Reasons',
    'Why an account is not in its happy state: `reason` of an [account](protocol.md#account). The dashboard, the command line and the log use these same rows.',
    ['| code | message | what to do |', '|---|---|---|', ...reasons].join('\n'),
    '## Failures of an assistant',
    "Why a question got no answer: `code` of `agent.turnFinished`, and of `lastFailure` of an account's [assistant](protocol.md#account). Where more is known the sentence there is more exact, and names the setting with its value.",
    ['| code | message | what to do |', '|---|---|---|', ...failures].join('\n'),
    '',
  ].join('\n\n')
}

function methodOverview(): string {
  const rows = METHOD_NAMES.map((name) => {
    const { scope, summary } = METHODS[name]
    return `| [\`${name}\`](#${anchorOf(name)}) | ${scope ?? '–'} | ${summary} |`
  })
  return ['| method | scope | does |', '|---|---|---|', ...rows].join('\n')
}

function methodSection(name: MethodName): string {
  const { params, result, scope, since, summary } = METHODS[name]
  const answer = result === linkOfferSchema ? 'A [QR offer](#qr-offer) or a [code offer](#code-offer).' : null
  return [
    `### ${name}`,
    summary,
    `Scope: ${scope === null ? 'none' : `\`${scope}\``} · since protocol ${since}`,
    '**Parameters**',
    fieldTable(params, 'input', NAMED),
    '**Result**',
    answer ??
      (result === configViewSchema ? 'A [config view](#config-view).' : fieldTable(result, 'output', NAMED)),
  ].join('\n\n')
}

function eventOverview(): string {
  const rows = EVENT_NAMES.map((name) => {
    const { scope, stored, summary } = EVENTS[name]
    return `| [\`${name}\`](#${anchorOf(name)}) | ${scope} | ${stored ? 'yes' : 'no'} | ${summary} |`
  })
  return ['| event | scope | stored | meaning |', '|---|---|---|---|', ...rows].join('\n')
}

function eventSection(name: EventName): string {
  const { payload, since, summary } = EVENTS[name]
  const shape = SHAPES.find(({ schema }) => schema === payload)
  return [
    `### ${name}`,
    `${summary} Since protocol ${since}.`,
    shape === undefined
      ? fieldTable(payload, 'output', NAMED)
      : `Its fields: [${shape.title}](#${shape.anchor}).`,
  ].join('\n\n')
}

function stateTable(): string {
  const rows = Object.entries(ACCOUNT_STATE_ROWS).map(
    ([state, { meaning, next }]) => `| \`${state}\` | ${meaning} | ${next} |`,
  )
  return ['| state | meaning | what to do |', '|---|---|---|', ...rows].join('\n')
}

function closeTable(): string {
  const rows = Object.entries(CLOSE_CODES).map(
    ([reason, { code, retry, summary }]) =>
      `| ${code} | \`${reason}\` | ${summary} | ${retry ? 'yes' : 'no'} |`,
  )
  return [
    'The close frame carries the code and the reason. Decide by the code: a frame of more than 64 KiB ends with 1009 and no reason.',
    ['| code | reason | meaning | connect again |', '|---|---|---|---|', ...rows].join('\n'),
    'Frames that break the WebSocket protocol itself end with 1002, text that is not UTF-8 with 1007, both without a reason. "No" in the last column: not with the same token, or not before the client is corrected.',
  ].join('\n\n')
}

function namedExcept(title: string): ReadonlyMap<string, string> {
  return new Map([...NAMED].filter(([, link]) => !link.startsWith(`[${title}]`)))
}

/** As GitHub makes them from headings. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replaceAll('.', '')
}
