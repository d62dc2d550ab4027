import { describe, expect, it } from 'vitest'
import { DisplayNames } from '../../../../../src/transports/linked-device/identity/display-names.ts'

const wrote = (user: string, pushName: string | null, more: { fromMe?: boolean } = {}) => ({
  key: { remoteJid: '120363000000000001@g.us', participant: `${user}:2@lid`, ...more },
  pushName,
})

describe('DisplayNames', () => {
  it('knows people by the digits of both of their addresses, as they called themselves last', () => {
    const names = new DisplayNames()
    names.learn({ key: { remoteJid: '77@lid', remoteJidAlt: '15550000002@s.whatsapp.net' }, pushName: 'Al' })
    names.learn({ key: { remoteJid: '77@lid' }, pushName: 'Alice' })
    names.learn(wrote('77', null))
    names.learn(wrote('77', 'The owner', { fromMe: true }))
    expect(names.of('77')).toBe('Alice')
    expect(names.of('15550000002')).toBe('Al')
    expect(names.of('120363000000000001')).toBeNull()
  })

  it('forgets whoever has not written for the longest, and keeps no long names', () => {
    const names = new DisplayNames()
    for (let user = 0; user < 2_500; user += 1) names.learn(wrote(`${1_000 + user}`, 'x'.repeat(10_000)))
    expect(names.of('1499')).toBeNull()
    expect(names.of('1500')).toHaveLength(100)
  })
})
