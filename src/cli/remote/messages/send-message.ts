import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import type { WhatsappdClient } from '../../../client/client.ts'
import { readLocalToken } from '../../../control/auth/local-token.ts'
import type { MethodParams, MethodResult } from '../../../protocol/methods.ts'
import { MAX_SENT_TEXT, type SentMessage } from '../../../protocol/sent-message.ts'
import type { CommandContext } from '../../command-context.ts'
import {
  CommandFailure,
  INTERRUPTED_EXIT_CODE,
  USAGE_EXIT_CODE,
  WAITED_EXIT_CODE,
} from '../../command-failure.ts'
import { resolveStateDir } from '../../state-dir.ts'
import { wrapWords } from '../../wrap-words.ts'
import type { DaemonConnection } from '../connection/daemon-connection.ts'
import { kindOfName } from './kind-of-name.ts'
import type { SendOptions } from './send-command.ts'

const RANK: Partial<Record<SentMessage['state'], number>> = { sent: 1, delivered: 2, read: 3 }
const OVER = { failed: true, discarded: true }

type Sent = MethodResult<'messages.send'>
type SendParams = MethodParams<'messages.send'>
type Asked = SendOptions & { to: string; text: string | undefined }

/** Sends what was asked for, and follows it as far as `--wait` says. Throws `CommandFailure`, and what the daemon refuses. */
export async function sendMessage(
  context: CommandContext,
  daemon: DaemonConnection,
  asked: Asked,
): Promise<void> {
  const { to, file, account, queue, id: clientMessageId = randomUUID() } = asked
  const text = asked.text === '-' ? await readStandardInput() : asked.text
  requireOneOf(asked, text)
  const { client } = daemon
  const said =
    file !== undefined
      ? { media: await upload(context, daemon, asked, text) }
      : asked.template !== undefined
        ? { template: templateOf(asked, asked.template) }
        : { text: text ?? '' }
  const follow = followed(client)
  try {
    const sent = await client.request('messages.send', {
      to,
      ...said,
      clientMessageId,
      ...(account !== undefined && { account }),
      ...(queue === true && { queue }),
    })
    if (asked.json !== true) context.print(sentLine(sent))
    const last = await follow.until(sent, asked, context)
    if (asked.json === true) context.print(JSON.stringify({ ...sent, ...last }, null, 2))
    else if (last.state !== sent.state) context.print(`${last.messageId}: ${last.state}`)
    if (last.failure !== null)
      throw new CommandFailure(`the message was not sent: ${last.failure.message} (${last.failure.code})`)
    if (last.state === 'discarded') throw new CommandFailure('the message was discarded before it was sent')
    if (asked.wait !== undefined && !isReached(last, asked.wait))
      throw new CommandFailure(
        `the message is stored and not ${asked.wait} after ${asked.timeout} s (it is ${last.state}${last.waitsFor === null ? '' : `, and waits for: ${last.waitsFor}`}); it goes on by itself`,
        { exitCode: WAITED_EXIT_CODE },
      )
  } finally {
    follow.stop()
  }
}

/** Throws `CommandFailure` where nothing is to be sent, or two things that exclude each other. */
function requireOneOf(
  { file, template, language, variable, header, button }: Asked,
  text: string | undefined,
): void {
  const wrong =
    template !== undefined && (file !== undefined || text !== undefined)
      ? 'a template stands alone: give its values as --variable, and neither a text nor --file'
      : template === undefined && [language, variable, header, button].some((each) => each !== undefined)
        ? '--language, --variable, --header and --button belong to --template'
        : text === undefined && file === undefined && template === undefined
          ? 'say what to send: a text, "-" for standard input, --file, or --template'
          : null
  if (wrong !== null) throw new CommandFailure(wrong, { exitCode: USAGE_EXIT_CODE })
}

function templateOf(
  { language, variable, header, button }: Asked,
  name: string,
): NonNullable<SendParams['template']> {
  return {
    name,
    ...(header !== undefined && { header: { link: header } }),
    ...(button !== undefined && { buttons: [...button] }),
    ...(language !== undefined && { language }),
    ...(variable !== undefined && { variables: { ...variable } }),
  }
}

async function upload(
  context: CommandContext,
  { client, authority }: DaemonConnection,
  { file = '', as, account, stateDir }: Asked,
  caption: string | undefined,
): Promise<{ mediaId: string; kind: NonNullable<SendOptions['as']>; caption?: string }> {
  const { uploadFile } = await import('./upload-file.ts')
  const mediaId = await uploadFile({
    authority,
    token: readLocalToken(resolveStateDir(stateDir, context.env)),
    account: account ?? (await client.request('config.get', {})).defaultAccount,
    path: file,
    name: basename(file),
    signal: context.signal,
  })
  const kind = as ?? kindOfName(file)
  return { mediaId, kind, ...(caption !== undefined && { caption }) }
}

/** Hears of every message from now on, so that nothing is missed between the answer and the wait. */
function followed(client: WhatsappdClient): {
  until: (sent: Sent, asked: Asked, context: CommandContext) => Promise<SentMessage>
  stop: () => void
} {
  let heard = (): void => undefined
  let lost = (): void => undefined
  let isLost = false
  const stopState = client.on('state', ({ state }) => {
    if (state === 'ready') return
    isLost = true
    lost()
  })
  const names = [
    'message.sent',
    'message.delivered',
    'message.read',
    'message.failed',
    'message.discarded',
  ] as const
  const stops = names.map((name) => client.on(name, () => heard()))
  const until = async (sent: Sent, { wait, timeout, account }: Asked, { signal }: CommandContext) => {
    let last: SentMessage = sent
    const isOver = (): boolean => wait === undefined || last.state in OVER || isReached(last, wait)
    const end = AbortSignal.timeout(timeout * 1_000)
    while (!isOver() && !end.aborted) {
      if (signal.aborted)
        throw new CommandFailure('interrupted; the message goes on by itself', {
          exitCode: INTERRUPTED_EXIT_CODE,
        })
      const next = new Promise<void>((resolve) => {
        heard = resolve
        lost = resolve
        for (const each of [end, signal]) each.addEventListener('abort', () => resolve(), { once: true })
      })
      last = await client.request('messages.get', {
        messageId: sent.messageId,
        ...(account !== undefined && { account }),
      })
      if (!isOver() && !end.aborted && !signal.aborted) await next
      if (isLost)
        throw new CommandFailure(
          'the connection to the daemon was lost; the message is stored and goes on when the daemon runs. See: whatsappd outbox',
        )
    }
    return last
  }
  return { until, stop: () => [...stops, stopState].forEach((stop) => stop()) }
}

function isReached({ state }: SentMessage, wanted: 'sent' | 'delivered'): boolean {
  return (RANK[state] ?? 0) >= (RANK[wanted] ?? 0)
}

function sentLine({ messageId, conversation, state, isNew, warning, waitsFor }: Sent): string {
  const what = isNew ? 'stored' : 'was sent before'
  const waits =
    state === 'queued' && waitsFor !== null && waitsFor !== 'turn' ? `; waits for: ${waitsFor}` : ''
  const line = `${messageId}: ${what}, for ${conversation} (${state}${waits})`
  return warning === undefined ? line : [line, ...wrapWords(warning.message, '', 0)].join('\n')
}

async function readStandardInput(): Promise<string> {
  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > MAX_SENT_TEXT + 1)
      throw new CommandFailure(`standard input has more than ${MAX_SENT_TEXT} characters: send it as a file`)
  }
  return text.replace(/\n$/, '')
}
