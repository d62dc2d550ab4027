import { describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import type { Config } from '../../../src/config/model.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'

const resolve = (text: string): Config =>
  resolveConfig(text, { directory: '/', env: {}, connectors: CONNECTORS })

/** Everything that OpenClaw's `channels.whatsapp` knows, old names and new, in a file as its users have them. */
const OPENCLAW = `// ~/.openclaw/openclaw.json
{
  agents: { defaults: { model: { primary: "anthropic/claude" } }, list: [{ id: "main", default: true }] },
  gateway: { port: 18789, bind: "loopback" },
  channels: {
    defaults: { groupPolicy: "allowlist", heartbeat: { showOk: false } },
    telegram: { enabled: true, botToken: "123:abc", dmPolicy: "pairing", allowFrom: ["tg:1"] },
    whatsapp: {
      enabled: true,
      dmPolicy: "allowlist",
      allowFrom: ["+15555550101", "+15555550102"],
      defaultTo: "+15555550101",
      groupPolicy: "allowlist",
      groupAllowFrom: ["+15555550103"],
      groups: {
        "*": { requireMention: true },
        "120363000000000000@g.us": {
          requireMention: false,
          systemPrompt: "Be brief.",
          tools: { allow: ["web"] },
          toolsBySender: { "+15555550101": { allow: ["exec"] } },
        },
      },
      direct: { "+15555550101": { systemPrompt: "You know her." } },
      dms: { "+15555550102": { historyLimit: 5 } },
      selfChatMode: true,
      sendReadReceipts: true,
      messagePrefix: "[bot]",
      responsePrefix: "",
      textChunkLimit: 4000,
      chunkMode: "newline",
      blockStreaming: true,
      blockStreamingCoalesce: { minChars: 1500, idleMs: 1000 },
      streaming: { block: { enabled: true } },
      mediaMaxMb: 50,
      debounceMs: 0,
      historyLimit: 50,
      dmHistoryLimit: 20,
      capabilities: ["buttons"],
      markdown: { tables: "bullets" },
      mentionPatterns: { mode: "allow", allowIn: [] },
      contextVisibility: "all",
      ackReaction: { emoji: "👀", direct: true, group: "mentions" },
      reactionLevel: "minimal",
      replyToMode: "off",
      actions: { reactions: true, sendMessage: true, polls: true, calls: false },
      heartbeat: { showOk: false, showAlerts: true, useIndicator: true },
      heartbeatVisibility: { showOk: false },
      healthMonitor: { enabled: true },
      pluginHooks: { messageReceived: true },
      exposeErrorText: false,
      configWrites: false,
      defaultAccount: "personal",
      accounts: {
        personal: {},
        work: {
          name: "Work",
          enabled: false,
          configWrites: true,
          authDir: "~/.openclaw/credentials/whatsapp/work",
          dmPolicy: "disabled",
          allowFrom: [],
          heartbeat: { showOk: true },
          ackReaction: { emoji: "✅", direct: false, group: "always" },
        },
      },
    },
  },
}
`

/** Milady's section, as its guide writes it, with both ways to authenticate. */
const MILADY = `{
  "name": "Test",
  "bio": ["A bot"],
  "connectors": {
    "whatsapp": {
      "enabled": true,
      "authMethod": "baileys",
      "authDir": "./auth/whatsapp",
      "printQRInTerminal": true,
      "dmPolicy": "closed",
      "allowFrom": ["+15555550101"],
      "groupPolicy": "allowlist",
      "groupAllowFrom": ["120363000000000000@g.us"],
      "sendReadReceipts": true,
      "selfChatMode": false,
      "messagePrefix": "[Milady] ",
      "ackReaction": { "emoji": "eyes", "direct": true, "group": "mentions" },
      "accessToken": "\${WHATSAPP_ACCESS_TOKEN}",
      "phoneNumberId": "\${WHATSAPP_PHONE_NUMBER_ID}",
      "webhookVerifyToken": "\${WHATSAPP_WEBHOOK_VERIFY_TOKEN}",
      "businessAccountId": "\${WHATSAPP_BUSINESS_ACCOUNT_ID}"
    }
  },
  "modelProvider": "anthropic"
}
`

describe('a file of another tool works as it is', () => {
  it("OpenClaw's", () => {
    const config = resolve(OPENCLAW)
    expect(config.defaultAccount).toBe('personal')
    expect(config.configWrites).toBe(false)
    expect(config.accounts['personal']).toMatchObject({
      access: { dmPolicy: 'allowlist', allowFrom: ['+15555550101', '+15555550102'] },
      // It says "piece by piece" there.
      blockStreaming: false,
      messagePrefix: '',
      inboundPrefix: '[bot]',
      dmHistoryLimit: 20,
    })
    expect(config.accounts['work']).toMatchObject({
      enabled: false,
      access: { dmPolicy: 'disabled', allowFrom: [] },
    })
    const foreign = config.notices.filter(({ code }) => code === 'foreign_key').map(({ path }) => path)
    expect(foreign).toContain('channels.whatsapp.healthMonitor')
    expect(foreign).toContain('channels.whatsapp.accounts.work.heartbeat')
    expect(new Set(config.notices.map(({ code }) => code))).toEqual(new Set(['foreign_key', 'other_meaning']))
  })

  it("Milady's", () => {
    const config = resolve(MILADY)
    expect(config.accounts['default']).toMatchObject({
      access: { dmPolicy: 'disabled', allowFrom: ['+15555550101'] },
      authDir: '/auth/whatsapp',
      messagePrefix: '[Milady] ',
    })
    expect(config.notices.filter(({ code }) => code === 'foreign_key').map(({ path }) => path)).toEqual(
      ['authMethod', 'printQRInTerminal'].map((key) => `connectors.whatsapp.${key}`),
    )
  })

  it('says of every key of theirs where it stands, and nothing of what is in it', () => {
    const { notices } = resolve(MILADY.replace('${WHATSAPP_ACCESS_TOKEN}', 'EAAB-secret'))
    for (const { line, column } of notices) expect([line, column]).not.toContain(null)
    expect(JSON.stringify(notices)).not.toContain('EAAB')
  })
})
