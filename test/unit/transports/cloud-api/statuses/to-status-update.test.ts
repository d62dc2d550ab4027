import { expect, it } from 'vitest'
import { toStatusUpdate } from '../../../../../src/transports/cloud-api/statuses/to-status-update.ts'

const read = (status: Record<string, unknown>) =>
  toStatusUpdate({ id: 'wamid.OUT', ...status }, ({ code, details }) => ({
    code: `meta_${code}`,
    message: details,
  }))

it.each([
  [{ status: 'sent' }, { remoteId: 'wamid.OUT', localId: null, status: 'sent' }],
  [
    { status: 'delivered', biz_opaque_callback_data: 'WB1' },
    { remoteId: 'wamid.OUT', localId: 'WB1', status: 'delivered' },
  ],
  [
    {
      status: 'read',
      pricing: { billable: true, pricing_model: 'PMP', category: 'service', type: 'regular' },
    },
    { status: 'read', price: { isBillable: true, category: 'service', type: 'regular' } },
  ],
  [
    { status: 'sent', pricing: { category: 'service', type: 'free_customer_service' } },
    { price: { isBillable: false, category: 'service', type: 'free_customer_service' } },
  ],
  [{ status: 'sent', pricing: { category: 'utility', type: 'regular' } }, { price: { isBillable: true } }],
  [
    { status: 'played', timestamp: '1790000000' },
    { status: 'played', at: new Date(1_790_000_000_000) },
  ],
  [
    {
      status: 'failed',
      errors: [{ code: 131_047, title: 'Re-engagement', error_data: { details: 'too late' } }],
    },
    { status: 'failed', code: 'meta_131047', message: 'too late' },
  ],
  [{ status: 'failed' }, { status: 'failed', code: 'meta_null' }],
])('%j is told in our words', (status, update) => {
  expect(read(status)).toMatchObject(update)
})

it.each([[{ status: 'warning' }], [{}], [{ id: '', status: 'sent' }]])(
  '%j is no status of ours',
  (status) => {
    expect(read(status)).toBe(null)
  },
)
