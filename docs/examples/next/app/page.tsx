import { Integrations } from './integrations.tsx'

// The sandbox is that of the signed-in user, so the page is made for each request.
export const dynamic = 'force-dynamic'

export default function Page() {
  const origin = process.env['SANDBOX_ORIGIN'] ?? '' // in the place of a look-up
  return <Integrations url={`${origin.replace('http', 'ws')}/v1/ws`} />
}
