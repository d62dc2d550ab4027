import type { z } from 'zod'
import { CONNECTORS } from '../../agents/registry.ts'
import { accountSettings } from '../../config/settings/account-settings.ts'
import { channelSettings } from '../../config/settings/channel-settings.ts'
import { daemonSettings } from '../../config/settings/daemon-settings.ts'
import { json5Text } from './json5-text.ts'
import { NOTICE_CODES, PROBLEM_CODES } from '../../config/problems/problem-codes.ts'
import { CHAT_COMMANDS } from '../../conversations/commands/registry.ts'
import { SENTENCES } from '../../conversations/notices/sentences.ts'
import { metaOf } from '../../config/settings/setting.ts'
import { OTHER_TOOLS } from './other-tools-prose.ts'
import { codeTable, membersTable, settingsTable } from './settings-table.ts'

/** Keys that belong to the whole channel, not to a single account. */
const CHANNEL_ONLY = Object.keys(channelSettings).filter((key) => !(key in accountSettings))

/** The allowed numbers of the example; the demo's first person is Alice, the second owns the phone. */
const EXAMPLE_NUMBERS = ['+15555550101', '+15555550100'] as const

const LINE_WIDTH = 100

/** `docs/config.md`, from the schema. */
export function renderConfigDocs(): string {
  return [
    '# The config file',
    '',
    '<!-- Generated from src/config/; change it there and run "npm run docs". -->',
    '',
    PROSE,
    '## `channels.whatsapp`, and each of its `accounts.<id>`',
    '',
    'An account takes what it does not set itself from the root.',
    '',
    settingsTable(accountSettings),
    '### Agents',
    '',
    'Each of `agents` has a `connector`, and the keys of that connector.',
    '',
    ...Object.entries(CONNECTORS).flatMap(([name, { settings }]) => [
      `\`${name}\`:`,
      '',
      membersTable(settings),
    ]),
    WHO_ANSWERS,
    '## `channels.whatsapp` alone',
    '',
    settingsTable(pick(channelSettings, CHANNEL_ONLY)),
    '## `whatsappd`: this process',
    '',
    settingsTable(daemonSettings),
    OTHER_TOOLS,
    '## What can be wrong with a file',
    '',
    'Each problem has a code, a path, a line and a column (from 1), and a sentence. All of a file are reported together.',
    'In an entry of a list that allows people, that entry is ignored; everywhere else the file is not used.',
    '',
    codeTable(PROBLEM_CODES),
    'Notices keep no file from being used:',
    '',
    codeTable(NOTICE_CODES),
  ].join('\n')
}

/** `sandbox.config.example.json5`: complete and valid; every optional key stands there with its default, commented out. */
export function renderExampleConfig(): string {
  const [alice, owner] = EXAMPLE_NUMBERS
  return [
    '// The config of a sandbox, JSON5: comments, trailing commas and unquoted keys are fine.',
    '// whatsappd reads two sections and leaves the rest alone. Every save is followed live; docs/config.md says more.',
    '// ${NAME} in a text is an environment variable, and ~/ at the beginning of a path the home directory.',
    "// { $include: './other.json5' } in place of a value stands for what that file holds.",
    '{',
    '  channels: {',
    '    whatsapp: {',
    ...comment(
      'The phone numbers that may talk to the assistant. Nobody else gets an answer, a receipt or a sign of life.',
      6,
    ),
    '      allowFrom: [',
    `        '${alice}', // Alice`,
    `        '${owner}', // the owner, in the chat with themselves`,
    '      ],',
    '',
    ...examples(accountSettings, 6, ['allowFrom']),
    ...examples(pick(channelSettings, CHANNEL_ONLY), 6),
    '    },',
    '  },',
    '',
    '  whatsappd: {',
    ...examples(daemonSettings, 4),
    '  },',
    '}',
    '',
  ]
    .join('\n')
    .replaceAll(/\n\n( *[}\]])/g, '\n$1')
}

function commandRows(): string {
  return CHAT_COMMANDS.flatMap(({ help, forOwners = false }) =>
    help.map(({ usage, does }) => {
      const ways = usage.map((way) => `\`${way}\``).join(' or ')
      return `| ${ways} | ${forOwners ? 'owners' : 'everybody'} | ${SENTENCES[does]} |`
    }),
  ).join('\n')
}

/** The commands that the account's own phone may write in chats with others. */
function ofChat(): string {
  const names = CHAT_COMMANDS.filter(({ ofChat: isOfChat = false }) => isOfChat).map(
    ({ name }) => `\`/${name}\``,
  )
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function examples(
  settings: Readonly<Record<string, z.ZodType>>,
  indent: number,
  except: readonly string[] = [],
): string[] {
  return Object.entries(settings)
    .filter(([key]) => !except.includes(key))
    .flatMap(([key, schema]) => {
      const { description, example, hasEffect, ...meta } = metaOf(key, schema)
      const shown = 'default' in meta && key !== 'authDir' ? meta.default : example
      const note = hasEffect ? description : `${description} (No effect in this version.)`
      return [...comment(note, indent), `${' '.repeat(indent)}// ${key}: ${json5Text(shown)},`, '']
    })
}

function comment(text: string, indent: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent + 3 + line.length + 1 + word.length > LINE_WIDTH) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map((text) => `${' '.repeat(indent)}// ${text}`)
}

function pick(
  settings: Readonly<Record<string, z.ZodType>>,
  keys: readonly string[],
): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(settings).filter(([key]) => keys.includes(key)))
}

const PROSE = `\`sandbox.config.json5\` is shared with other tools of the sandbox. \`whatsappd\` reads two sections, \`channels.whatsapp\`
(or \`connectors.whatsapp\`, which is read the same way; both in one file are an error) and \`whatsappd\`, and leaves the rest alone. [Files of other tools](#files-of-other-tools) work as they are.
What is worth knowing of a valid file (the [notices](#what-can-be-wrong-with-a-file)) stands in \`whatsappd status\`, in the card and once in the log.

It is found by \`--config\`, then \`SANDBOX_CONFIG\`, then \`./sandbox.config.json5\`, then \`~/.config/sandbox/sandbox.config.json5\`.
Without any file the daemon starts closed: nobody is allowed, and the first edit from the page creates the file.

What holds for every edit, in an editor or from a dashboard:

- A save is in force within a quarter of a second, without a reconnect, unless the table says otherwise.
- A file that is missing, unreadable, empty, half written or wrong changes nothing: the last valid content stays in force, the
  page and \`whatsappd status\` name path, line and column, and the event \`config.rejected\` goes out. The last valid content is
  kept in the state directory, so a restart with a broken file does not change who may talk either.
- One wrong entry of a list that allows people (\`allowFrom\`, \`groupAllowFrom\`, a key of \`groups\` or \`senders\`,
  \`allowedOrigins\`, \`auth.subjects\`) is a problem of that entry alone: it counts for nobody, everything else of the file is in
  force, and the page, \`whatsappd status\` and \`config.get\` (\`entryProblems\`) name its place. It still says that somebody is named: a
  list with nothing but wrong entries allows nobody, and never everybody. A wrong entry of
  \`groupAllowFrom\` may be meant as a sender or as a group and counts as both: until it is corrected, the assistant answers only in
  groups that another entry names, and only senders that another entry names. An edit from a dashboard that would add a
  wrong entry is refused.
- Nobody is allowed by accident: a number must be possible for its country, nothing in it is guessed, \`"*"\` counts only
  with \`dmPolicy: "open"\`, a key that nobody knows is refused (with a suggestion), and so is one that stands twice.
- Edits from a dashboard change only what they name: comments, order, quotes and trailing commas stay.
- In a container, mount the directory of the file and not the file: who replaces a file that is mounted by itself (as editors, git and
  ConfigMaps do) changes nothing inside. That is told as the problem \`replaced_outside\`, and a restart of the container follows it.

Secrets are references, \`{ env: "NAME" }\` or \`{ file: "path" }\`; a literal one works, with a notice.

## Variables and paths

In every text of our two sections \`\${NAME}\` stands for the environment variable of that name, as in OpenClaw: capitals, digits and \`_\`,
alone or inside of a longer text. \`$\${NAME}\` is the text \`\${NAME}\` itself. Names of keys are never expanded, and neither is what a variable
holds. An expanded text has at most 65,536 characters.

- A variable that is not set, or is empty, is a problem of that entry (\`unset_variable\`): an entry of a list that allows people counts for nobody;
  in any other setting the file is not used, and the last valid one stays in force.
- A secret that is one variable (\`apiKey: "\${OPENAI_API_KEY}"\`) is the same as \`{ env: "OPENAI_API_KEY" }\`.
- In a setting that is a path (\`authDir\`, and \`file\` of a secret or key) a leading \`~/\` is the home directory, \`$HOME\`. \`~name\` is refused. Other paths
  that are not absolute begin at the directory of the config file. \`WHATSAPP_AUTH_DIR\`, \`SANDBOX_CONFIG\`, \`--config\`, \`WHATSAPPD_STATE_DIR\` and
  \`--state-dir\` take \`~/\` too.
- Variables belong to the owner of the file. An edit from a dashboard that contains \`\${\` or a key \`$include\` is refused (\`config_invalid\`), and
  nothing is written. What is shown, logged or kept has the text as the file writes it: \`config.get\`, the card, \`whatsappd status\`, events, problems,
  log lines, the copy of the last valid file. A setting that chooses one of a closed list (\`dmPolicy\`, \`defaultAgent\`, \`"*"\`) shows the choice. A
  number that stands in \`allowFrom\` as a variable is removed by that name, or as the number.
- The log has \`\${NAME}\` in place of a variable's value wherever that turns up, from 8 characters on.

## Included files

An object with \`$include\` stands for the content of other files, as in OpenClaw, in each place of our two sections and around them:

\`\`\`text
{
  channels: {
    whatsapp: {
      allowFrom: { $include: './people.json5' }, // people.json5 holds ['+15555550101', …]
      agents: { $include: ['./agents.json5', './agents.local.json5'] },
    },
  },
}
\`\`\`

- Alone in its object it is replaced by what the file holds. Of several files, and of the keys beside \`$include\`, the later one wins: objects are merged key
  by key, lists follow one another. Included files are JSON5 too and may include others, by paths that begin at their own directory.
- A file must be in the directory of the config file or below it, links followed, and be a regular one. At most 10 levels, 64 files and 1 MiB together.
  Variables are not expanded in such a path. Whatever cannot be included is the problem \`bad_include\`, and the last valid content stays in force, with what was
  included in it.
- All of them are followed live, like the config file. A problem names the included file that its line and column belong to (\`file\`).
- An edit from a dashboard goes into the file that holds what it changes. Where that is no single file, or one that cannot be replaced, it is refused with
  the names (\`config_read_only\`). \`configWrites: false\` holds for all of them.
- In the sections of other tools \`$include\` is not followed, but for \`channels.defaults\` of an OpenClaw file. What such a file includes elsewhere (in \`messages\`, \`session\`, …)
  has no effect here.
`

const WHO_ANSWERS = `### Who answers

The first of these that there is:

1. the agent that the message begins with: \`@ada what is new?\`;
2. the agent that its writer chose in this chat, by such a message or by \`/agent ada\`, until \`stickyTtlMinutes\` after the
   last message that they wrote there. Each person chooses for themselves, and in each chat anew; a restart changes nothing;
3. in a group its \`groups.<id>.agent\`, else that of \`groups["*"]\`;
4. the \`senders.<number>.agent\` of the person;
5. \`defaultAgent\`.

These are defaults and not permissions: whoever may talk may choose every agent of \`agents\`. One that is not for all of them
belongs to an account of its own.

### Chat commands

What people may ask of the daemon itself, in any chat where they are answered (in a group that needs a mention, with one). The answer
comes in the chat, in the \`language\` of the account:

| command | for | what it does |
|---|---|---|
${commandRows()}

- No agent is told of these, also not as what was said before. Every other \`/word\` goes to the agent like any text, unless it is one
  slip away from a command (\`/hlep\`): then the answer asks whether that one was meant. \`@ada /hlep\` reaches the agent in any case.
- Upper and lower case are the same, and so are the slashes of other keyboards (\`／\`). Punctuation, blanks and invisible marks around
  a command do not count, nor do mentions in a group and the assistant's name before it (\`Ada, /help\`, with \`mentionPatterns\`).
- **Owners** are the account's own phone, and those numbers in \`commands.owners\` who may write in that chat. What the own phone writes
  by hand in a chat with somebody else is a command there where it is about the whole chat:
  ${ofChat()}. The other side sees it, and the answer.
- \`/stop\` ends the answer under way, whoever asked for it, what of it is not out yet, and the questions of the same person that wait
  behind it; from an owner, all that wait.
- \`/pause\` does the same, and from then on nothing is answered in that chat but commands: no receipt, no typing, no reaction. What
  people write meanwhile is kept, is context later, and is not answered (\`message.skipped\`, \`chat_paused\`), unless
  \`takeover.answerMissed\` says so. It holds over a restart, until \`/resume\`. An owner's command is obeyed however late it arrives.
  A word of the owner by hand silences a chat for a while ([Taking over](takeover.md)).
- \`/new\` takes its turn behind what was asked before. The messages stay in the history; agents get nothing of what was said before,
  and another session id (\`wa_15555550101_2\`), so that an assistant with a memory of its own begins afresh, too. In a group
  it holds for everybody there.
- \`/model\` takes one of the agent's \`model\`, \`favouriteModels\` and \`models\`, or a part of its name that only one has; any name
  where \`models\` has \`"*"\`. It holds for one person in one chat and for that agent, as long as a chosen agent
  does: \`stickyTtlMinutes\` after their last message there.
- With \`commands: { enabled: false }\` there are none, and the agent gets every text as it is. \`@ada what is new?\` still asks that agent.
`
