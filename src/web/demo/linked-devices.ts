import { html, nothing } from 'lit'
import type { TemplateResult } from 'lit'
import type { PhoneView } from '../../protocol/demo-state.ts'
import { formatDateTime } from '../card/text/time.ts'

export interface LinkedDevicesOptions {
  phone: PhoneView
  /** `null` while the card shows no QR. */
  qr: string | null
  busy: boolean
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
      phone.linkedDevices.length > 0 && qr === null
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
    }`
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
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const form = event.currentTarget
    if (!(form instanceof HTMLFormElement)) return
    const code = new FormData(form).get('code')
    if (typeof code === 'string' && code.trim() !== '') enterCode(code.replaceAll(/[\s-]/g, '').toUpperCase())
  }
  return html`<form class="code" @submit=${submit}>
    <label for="pairing-code">Enter the code from the card</label>
    <input id="pairing-code" name="code" autocomplete="off" autocapitalize="characters" maxlength="9" />
    <button class="primary" ?disabled=${busy}>Link with code</button>
  </form>`
}
