import { expect, test } from 'vitest'
import { inItsDomain } from '../../../../../src/transports/linked-device/devices/device-domain.ts'

test.each([
  ['a device behind a hosted one, by its LID', 'hosted.lid', 5, 'lid', '1:5@lid'],
  ['a device behind a hosted one, by its number', 'hosted', 5, 's.whatsapp.net', '1:5@s.whatsapp.net'],
  ['the phone behind a hosted one', 'hosted.lid', 0, 'lid', '1@lid'],
  ['the hosted device itself', 'hosted.lid', 99, 'hosted.lid', '1:99@hosted.lid'],
  ['any other device', 'lid', 7, 'lid', '1:7@lid'],
] as const)('%s is named as WhatsApp knows it', (_, listedIn, device, server, jid) => {
  const listed = { user: '1', device, server: listedIn, domainType: 129, jid: `1:${device}@${listedIn}` }
  expect(inItsDomain(listed)).toMatchObject({ user: '1', device, server, jid })
  const { jid: _jid, ...stored } = listed
  expect(inItsDomain(stored)).toMatchObject({ server })
  expect(inItsDomain(stored)).not.toHaveProperty('jid')
})
