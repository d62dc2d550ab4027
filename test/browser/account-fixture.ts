import { reason } from '../../src/protocol/reasons.ts'
import type { AccountView, QrOffer } from '../../src/protocol/account/account.ts'
import type { AccountState } from '../../src/protocol/account/account-states.ts'
import type { AccountConfigView, ConfigView } from '../../src/protocol/config/config-view.ts'
import type { ReasonCode } from '../../src/protocol/reasons.ts'

/** The account `default` in `state`, as the daemon would describe it. */
export function account(
  state: AccountState,
  reasonCode: ReasonCode | null,
  facts: Partial<AccountView> = {},
): AccountView {
  return {
    account: 'default',
    name: null,
    transport: 'linked-device',
    enabled: state !== 'disabled',
    state,
    since: new Date().toISOString(),
    reason: reasonCode === null ? null : reason(reasonCode),
    linked: false,
    phoneNumber: null,
    displayName: null,
    linkedSince: null,
    attempt: null,
    nextAttemptAt: null,
    until: null,
    failedMessages: 0,
    health: null,
    ...facts,
  }
}

export function connectedAccount(): AccountView {
  return account('connected', null, {
    linked: true,
    phoneNumber: '+15555550100',
    displayName: 'Assistant',
    linkedSince: '2026-03-03T12:00:00.000Z',
    health: {
      lastFrameAt: new Date().toISOString(),
      lastProbeAt: new Date().toISOString(),
      decryptFailures: 0,
      canSend: true,
    },
  })
}

export function configView(
  settings: Partial<AccountConfigView> = {},
  facts: Partial<ConfigView> = {},
): ConfigView {
  return {
    revision: 'r1',
    valid: true,
    problems: [],
    notices: [],
    configWrites: true,
    editable: ['enabled', 'name', 'dmPolicy', 'allowFrom', 'sendReadReceipts', 'typing', 'defaultAgent'],
    path: '/sandbox/sandbox.config.json5',
    defaultAccount: 'default',
    accounts: {
      default: {
        name: null,
        enabled: true,
        transport: 'linked-device',
        dmPolicy: 'allowlist',
        allowFrom: ['+15555550101'],
        groupPolicy: 'allowlist',
        groupAllowFrom: null,
        groups: {},
        sendReadReceipts: true,
        typing: true,
        defaultAgent: 'echo',
        agents: { echo: { connector: 'echo', model: null } },
        ...settings,
      },
    },
    ...facts,
  }
}

/** A QR of the length that WhatsApp's have. */
export function qrOffer(sequence: number, secondsLeft: number, remaining = 6 - sequence): QrOffer {
  const parts = ['2@', 'a1B2c3D4'.repeat(18), ...['k', 'i', 's'].map((letter) => `,${letter.repeat(43)}=`)]
  return {
    account: 'default',
    method: 'qr',
    qr: `${parts.join('')}${sequence}`,
    sequence,
    remaining,
    expiresAt: new Date(Date.now() + secondsLeft * 1_000).toISOString(),
  }
}
