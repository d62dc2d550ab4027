import { expect, it } from 'vitest'
import { sentencesIn } from '../../../../src/conversations/notices/sentences-in.ts'
import { ALICE } from '../desk.ts'
import { CommandDesk } from './command-desk.ts'

it('commands and notices are in the language of the account, from its edit on', async () => {
  const desk = new CommandDesk()
  expect(await desk.say('/stop')).toBe('Nothing is running here.')
  desk.config = { ...desk.config, language: 'de' }
  expect(await desk.say('/stop')).toBe('Hier läuft gerade nichts.')
  expect(await desk.say('photo', ALICE, { content: { kind: 'unsupported', what: 'photo' } })).toBe(
    'Nachrichten dieser Art kann ich nicht lesen.',
  )
  desk.config = { ...desk.config, language: 'ar' }
  expect(await desk.say('/help')).toContain(sentencesIn('ar').helpNew)
})

it('what we write in Arabic can be sent back as it is', async () => {
  const desk = new CommandDesk({
    language: 'ar',
    agents: { ada: { connector: 'echo', settings: {} }, bob: { connector: 'echo', settings: {} } },
    defaultAgent: 'ada',
  })
  await desk.say('/agent bob')
  const advice = await desk.say('/agent')
  const [, command = ''] = /«(.*default.*)»/u.exec(advice) ?? []
  expect(await desk.say(command)).toBe(sentencesIn('ar').agentAnswersAgain('ada'))
})
