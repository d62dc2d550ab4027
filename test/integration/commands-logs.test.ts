import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CommandLine } from '../support/command-line.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

const SECRET_WORDS = 'the garden gate code is blue'

describe('logs', () => {
  let stack: Stack
  const commands: CommandLine[] = []
  const environment = () => ({ WHATSAPPD_STATE_DIR: stack.stateDir, SANDBOX_CONFIG: stack.configPath })
  const run = (...arguments_: string[]) => CommandLine.run(arguments_, environment())
  const begin = (...arguments_: string[]): CommandLine => {
    const command = new CommandLine(arguments_, environment())
    commands.push(command)
    return command
  }

  beforeEach(async () => {
    commands.length = 0
    stack = await Stack.start()
    await stack.link()
  })
  afterEach(async () => {
    for (const command of commands) await command.end()
    await stack.stop()
  })

  const isPrivate = (text: string): void => {
    expect(text).not.toContain(SECRET_WORDS)
    for (const { phoneNumber, lid } of [stack.alice, stack.mallory, stack.owner]) {
      expect(text).not.toContain(phoneNumber.slice(1))
      expect(text).not.toContain(lid.replace(/@.*/, ''))
    }
  }

  it('shows the way of a message and of its answer, beside a running daemon and on a stopped one', async () => {
    await stack.alice.sendText(OWNER, SECRET_WORDS)
    const { messageId } = await stack.untilEvent('message.received')
    await stack.alice.waitForText(SECRET_WORDS)
    const delivered = await stack.untilEvent('message.delivered')
    const running = await run('logs', '--message', messageId)
    expect(running).toMatchObject({ code: 0, stderr: '' })
    const stages = running.stdout.split('\n').map((line) => line.split(/ {2,}/).slice(2, 4))
    expect(stages.slice(0, 3)).toEqual([
      ['arrived', 'inboxed'],
      ['stored', 'turn'],
      ['turn', 'answered'],
    ])
    expect(running.stdout).toMatch(/ reply {5}delivered {2}id=3EB0\w+ {2}conversation=1/)
    isPrivate(running.stdout)
    expect((await run('logs', '--message', delivered.messageId)).stdout).toContain(
      running.stdout.split('\n')[1],
    )
    const log = await run('logs')
    expect(log.stdout).toMatch(new RegExp(`message\\.received {2}default {2}messageId=${messageId}`))
    isPrivate(log.stdout)

    await stack.stopDaemon()
    expect(await run('logs', '--message', messageId)).toEqual(running)
    expect((await run('logs', '--limit', '1000')).stdout).toContain(log.stdout.split('\n').at(-2))
    const json = await run('logs', '--message', messageId, '--json')
    expect(
      json.stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { stage: string }).stage),
    ).toEqual(stages.slice(0, -1).map(([stage]) => stage))
    isPrivate(json.stdout)
  })

  it('says of somebody who is not allowed that they were blocked, and nothing of who they are', async () => {
    const { id } = await stack.mallory.sendText(OWNER, SECRET_WORDS)
    await stack.untilEvent('message.blocked', ({ phoneNumber }) => phoneNumber === MALLORY)
    const { code, stdout } = await run('logs', '--message', id)
    expect(code).toBe(0)
    expect(stdout).toMatch(/ arrived {3}blocked {4}stanza=\d+ {2}by=person\n$/)
    isPrivate(stdout)
    isPrivate((await run('logs', '--json')).stdout)
  })

  it('goes on while the message does, until Ctrl-C', async () => {
    const events = begin('logs', '--follow')
    await events.waitFor(/account\.status/)
    const { id } = await stack.alice.sendText(OWNER, SECRET_WORDS)
    const follow = begin('logs', '--message', id, '--follow')
    await follow.waitFor(/ reply {5}(?:delivered|read)/)
    await events.waitFor(/message\.delivered/)
    for (const command of [follow, events]) {
      isPrivate(command.stdout)
      command.signal('SIGINT')
      expect(await command.exit).toBe(0)
    }
  })

  it('names a message that nobody knows, and needs a daemon to follow', async () => {
    expect(await run('logs', '--message', 'NOWHERE')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('nothing is known of the message NOWHERE (looked in: default)'),
    })
    await stack.stopDaemon()
    expect(await run('logs', '--follow')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no daemon is running'),
    })
    expect(ALICE).not.toBe(MALLORY)
  })
})
