import { expect, test } from 'vitest'
import type { CommandContext, TerminalSize } from '../../../../src/cli/command-context.ts'
import { followLink } from '../../../../src/cli/serve/follow-link.ts'
import type { Daemon } from '../../../../src/daemon.ts'
import type { EventListener } from '../../../../src/control/events/event-hub.ts'
import type { AccountView, LinkOffer } from '../../../../src/protocol/account/account.ts'
import type { ReasonCode } from '../../../../src/protocol/reasons.ts'
import { account } from '../../../browser/account-fixture.ts'

const QR: Extract<LinkOffer, { method: 'qr' }> = {
  account: 'default',
  method: 'qr',
  qr: `2@${'Zm9vYmFy'.repeat(12)},${'a'.repeat(43)}=,${'b'.repeat(43)}=,${'c'.repeat(43)}=`,
  sequence: 1,
  remaining: 5,
  expiresAt: '2026-01-01T00:00:00.000Z',
}

/** What a person sees of an account that goes through these reasons. */
class Screen {
  readonly printed: string[] = []
  readonly drawn: string[] = []
  readonly linked: string[] = []
  #listener: EventListener = () => undefined
  constructor(
    first: ReasonCode,
    o: { terminal?: boolean; size?: TerminalSize; stateDir?: string; others?: AccountView[] } = {},
  ) {
    const { terminal = true, size = { columns: 100, rows: 50 } } = o
    const views = [account('unlinked', first, { linked: false }), ...(o.others ?? [])]
    // What `followLink` uses of both.
    const daemon = {
      subscribe: (listener: EventListener) => {
        this.#listener = listener
        return () => undefined
      },
      registry: {
        list: () => views,
        link: async (id: string) => {
          this.linked.push(id)
          return QR
        },
      },
    } as unknown as Daemon
    const context = {
      terminal,
      terminalSize: () => (terminal ? size : null),
      print: (text: string) => this.printed.push(text),
      draw: (text: string) => this.drawn.push(text),
    } as unknown as CommandContext
    followLink(context, daemon, {
      drawsQr: terminal,
      tellsHow: true,
      configPath: '/home/me/sandbox.config.json5',
      stateDir: o.stateDir ?? null,
    })
  }

  becomes(code: ReasonCode, state: AccountView['state'] = 'unlinked', id = 'default'): this {
    const view = account(state, code, { account: id, linked: false })
    this.#listener('account.status', view)
    return this
  }

  removed(id: string): this {
    this.#listener('account.removed', { account: id })
    return this
  }

  async offer(): Promise<string> {
    this.#listener('account.qr', QR)
    await expect.poll(() => this.drawn.length).toBeGreaterThan(0)
    return this.drawn.at(-1) ?? ''
  }
}

test('an account that can be linked is linked at once', () => {
  expect(new Screen('not_linked').linked).toEqual(['default'])
})

test('a list that is filled later begins the link then, and says so before', () => {
  const screen = new Screen('nobody_allowed')
  expect(screen.linked).toEqual([])
  expect(screen.printed.join('\n')).toContain('/home/me/sandbox.config.json5, under allowFrom')
  expect(screen.printed.join('\n')).toContain('The QR code is drawn here then.')
  expect(screen.becomes('not_linked').linked).toEqual(['default'])
})

test.each(['link_expired', 'link_cancelled'] as const)(
  'a list that is emptied and filled again begins the link anew (%s)',
  (reason) => {
    const screen = new Screen('not_linked').becomes(reason)
    expect(screen.linked).toHaveLength(1)
    expect(screen.becomes('nobody_allowed').becomes(reason).linked).toHaveLength(2)
  },
)

test('after the last code a command for a new one is named, and none is begun', () => {
  const screen = new Screen('not_linked').becomes('scan_to_link', 'awaiting_scan').becomes('link_expired')
  expect(screen.printed.at(-1)).toContain(
    'For a new code: whatsappd link   (or whatsappd link --code <its number>',
  )
  expect(screen.linked).toHaveLength(1)
})

test('without a terminal one line says how to link, and nothing is begun', () => {
  for (const screen of [
    new Screen('not_linked', { terminal: false }),
    new Screen('nobody_allowed', { terminal: false }).becomes('not_linked'),
  ]) {
    expect(screen.printed.at(-1)?.split('\n').at(-1)).toBe(
      '  To link it: whatsappd link   (or whatsappd link --code <its number>, or whatsappd open)',
    )
    expect(screen.linked).toEqual([])
  }
})

test('the commands lead to this daemon and this account', () => {
  const others = [account('connected', null, { account: 'shop', linked: true })]
  const { printed } = new Screen('not_linked', { terminal: false, stateDir: '/srv/my state', others })
  expect(printed[0]).toContain("whatsappd link --account default --state-dir '/srv/my state'")
  expect(printed[0]).toContain("whatsappd open --state-dir '/srv/my state'")
})

test('the commands name the account as long as there are others', () => {
  const others = [account('connected', null, { account: 'shop', linked: true })]
  const screen = new Screen('nobody_allowed', { terminal: false, others })
  expect(screen.becomes('not_linked').printed.at(-1)).toContain('whatsappd link --account default')
  screen.removed('shop').becomes('nobody_allowed')
  expect(screen.becomes('not_linked').printed.at(-1)).toContain('To link it: whatsappd link   (or')
  screen.becomes('not_linked', 'unlinked', 'laden').becomes('nobody_allowed')
  expect(screen.becomes('not_linked').printed.at(-1)).toContain('whatsappd link --account default')
})

const size = (columns: number, rows: number): TerminalSize => ({ columns, rows })

test.each([
  ['large enough', size(100, 50), true, false],
  ['80×24', size(80, 24), true, true],
  ['60×20', size(60, 20), true, true],
  ['50×20', size(50, 20), false, true],
])('in a terminal of %s', async (_name, of, isDrawn, isHinted) => {
  const text = await new Screen('not_linked', { size: of }).offer()
  expect(text.includes('█')).toBe(isDrawn)
  expect(text.includes(`has ${of.columns} and ${of.rows}`)).toBe(isHinted)
  for (const way of ['whatsappd link --code', 'whatsappd open']) expect(text.includes(way)).toBe(isHinted)
})
