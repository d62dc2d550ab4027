import { expect, it } from 'vitest'
import { CHAT_COMMANDS, commandNamed } from '../../../../src/conversations/commands/registry.ts'

// A second command under a name in use would never be executed, and one that the grammar cannot read neither.
it('every name of a command is written in letters, and leads to that command alone', () => {
  const names = CHAT_COMMANDS.flatMap((command) =>
    [command.name, ...command.aliases].map((name) => ({ name, command })),
  )
  for (const { name, command } of names) {
    expect(name).toMatch(/^[a-z]{1,32}$/)
    expect(commandNamed(name)).toBe(command)
  }
  expect(commandNamed('constructor')).toBeUndefined()
})

it('every command is explained in the documentation', () => {
  for (const { name, help } of CHAT_COMMANDS) {
    expect(help.length).toBeGreaterThan(0)
    // Some need an argument.
    expect(help[0]?.usage.map((usage) => usage.split(' ')[0])).toContain(`/${name}`)
  }
})
