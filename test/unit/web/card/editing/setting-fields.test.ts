import { expect, test } from 'vitest'
import { accountSettings } from '../../../../../src/config/settings/account-settings.ts'
import { settingMeta } from '../../../../../src/config/settings/setting.ts'
import { SETTING_FIELDS } from '../../../../../src/control/views/setting-fields.ts'
import { CLOUD_API_CAPABILITIES } from '../../../../../src/transports/cloud-api/capabilities.ts'
import { LINKED_DEVICE_CAPABILITIES } from '../../../../../src/transports/linked-device/capabilities.ts'
import { hasEffect } from '../../../../../src/web/card/editing/setting-fields.ts'

const offered = (account: Parameters<typeof hasEffect>[0]): string[] =>
  SETTING_FIELDS.filter((field) => hasEffect(account, field)).map(({ path: [key = ''] }) => key)

test('the chat with yourself is a setting of a phone, not of a Business number', () => {
  const { selfChat: ofPhone } = LINKED_DEVICE_CAPABILITIES
  const { selfChat: ofBusiness } = CLOUD_API_CAPABILITIES
  expect(settingMeta(accountSettings.selfChatMode)?.control?.needs).toBe('selfChat')
  expect(offered({ capabilities: { selfChat: ofPhone } })).toContain('selfChatMode')
  expect(offered({ capabilities: { selfChat: ofBusiness } })).not.toContain('selfChatMode')
})

test('everything is offered where the account says nothing of what it can do', () => {
  for (const capabilities of [undefined, null, {}])
    expect(offered({ capabilities })).toHaveLength(SETTING_FIELDS.length)
})

test('what no field needs leaves out none', () => {
  expect(offered({ capabilities: { selfChat: false } })).toHaveLength(SETTING_FIELDS.length - 1)
})
