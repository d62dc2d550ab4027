import { html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import type { PhoneView } from '../../protocol/demo-state.ts'
import { renderPasskeyOnPhone } from './passkey-on-phone.ts'
import type { PasskeyOnPhoneOptions } from './passkey-on-phone.ts'
import { formatDateTime } from '../card/text/time.ts'
import { button } from '../elements/controls/button.ts'
import { onKey } from '../elements/keyboard/on-key.ts'

export interface LinkedDevicesOptions extends PasskeyOnPhoneOptions {
  /** `null` while the card shows no QR. */
  qr: string | null
  scan: (qr: string) => void
  enterCode: (code: string) => void
  remove: (deviceId: number) => void
}

/** Settings > Linked Devices of the owner's phone. */
export function renderLinkedDevices(options: LinkedDevicesOptions): TemplateResult {
  const { phone, qr, busy, scan } = options
  const hint =
    qr === null ? 'Press "Generate QR code" on the card first.' : 'The camera sees the code on the card.'
  return html`<h3>Linked devices</h3>
    ${phone.linkedDevices.map((device) => renderDevice(options, device))}
    ${phone.asksForCode ? renderCodeForm(options) : nothing}
    ${
      phone.passkeyLink !== null || (phone.linkedDevices.length > 0 && qr === null)
        ? nothing
        : html`<button
              class="primary wide"
              ?disabled=${busy || qr === null}
              aria-describedby="scan-hint"
              @click=${() => qr !== null && scan(qr)}
            >
              Scan the QR code
            </button>
            <p class="muted small-print" id="scan-hint">${hint}</p>`
    }
    ${renderPasskeyOnPhone(options)}`
}

function renderDevice(
  { busy, remove }: LinkedDevicesOptions,
  device: PhoneView['linkedDevices'][number],
): TemplateResult {
  return html`<div class="device">
    <div>
      <strong><bdi>${device.name}</bdi></strong>
      <small
        >${device.isConnected ? 'Active now' : 'Not connected'} · since
        ${formatDateTime(device.linkedAt)}</small
      >
    </div>
    <button class="danger small" ?disabled=${busy} @click=${() => remove(device.deviceId)}>
      Remove device
    </button>
  </div>`
}

function renderCodeForm({ busy, enterCode }: LinkedDevicesOptions): TemplateResult {
  const send = ({ currentTarget }: Event): void => {
    const field = currentTarget instanceof Element && currentTarget.closest('.code')?.querySelector('input')
    const code = field ? field.value.replaceAll(/[\s-]/g, '').toUpperCase() : ''
    if (!busy && code !== '') enterCode(code)
  }
  return html`<div class="code">
    <label for="pairing-code">Enter the code from the card</label>
    <input
      id="pairing-code"
      autocomplete="off"
      autocapitalize="characters"
      maxlength="9"
      @keydown=${onKey('Enter', send)}
    />
    ${button('Link with code', send, { kind: 'primary', disabled: busy })}
  </div>`
}
