import { expect, test } from 'vitest'
import { CommandFailure } from '../../../src/cli/command-failure.ts'
import { describeFailure } from '../../../src/cli/describe-failure.ts'
import { DaemonError } from '../../../src/protocol/errors.ts'
import { StorageError } from '../../../src/storage/storage-error.ts'

test('a failure with an action says the cure after what went wrong', () => {
  expect(describeFailure(new DaemonError('allowlist_empty')).line).toBe(
    'Nobody is allowed to talk to the assistant yet, so linking is refused. Add at least one phone number to allowFrom.',
  )
})

test('a failure of the disk is told in the words of the reasons, with the place', () => {
  expect(describeFailure(new StorageError('storage_permissions', '/state has mode 0755')).line).toMatch(
    /\(\/state has mode 0755\) Make the directory 0700/,
  )
})

test('is one line, whatever the error says', () => {
  expect(describeFailure(new Error('first\n  second')).line).toBe('first second')
  expect(describeFailure('thrown text').line).toBe('thrown text')
})

test('the details name every cause and no number', () => {
  const { details } = describeFailure(new CommandFailure('outer', { cause: new Error('inner +15551230101') }))
  expect(details).toMatch(/CommandFailure: outer[\s\S]*caused by Error: inner \+•••01/)
  expect(details).not.toContain('5551230101')
})
