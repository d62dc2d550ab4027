import type { NoAnswerKind, ServerAnswer } from '../../../network/ask-server.ts'
import { fine, type Found, problem, warning } from './check.ts'

/** The half of what tokens of dashboards are allowed, and what the receivers of webhooks are. */
const CLOCK_WARNING_MS = 30_000
const CLOCK_PROBLEM_MS = 300_000
const CLOCK_CURE =
  'Set the clock of this machine, and keep it right by a time service (timedatectl set-ntp true). With a wrong clock certificates are not accepted, the countdown of QR codes is wrong, and tokens and signed webhooks are refused.'

const CURES: Readonly<Record<NoAnswerKind, string>> = {
  name: 'Let this machine resolve names (/etc/resolv.conf; in a container, the DNS of its network), or name the proxy in whatsappd.proxy; where a setting names this server, correct it.',
  proxy:
    'Correct address, user and password of whatsappd.proxy, or of HTTPS_PROXY of the environment, or let the proxy pass this server.',
  clock: CLOCK_CURE,
  certificate:
    'Where a proxy or a company network opens TLS, name its certificate in whatsappd.caFile. Otherwise find out who answers there, and do not link until then.',
  timeout:
    'Let the firewall pass connections to this server, or name a proxy in whatsappd.proxy. The daemon keeps trying by itself.',
  connection:
    'Check the network and the firewall, or name a proxy in whatsappd.proxy; where a setting names this server, correct it. The daemon keeps trying by itself.',
}

/** What the answer of a server says of the network and of this machine's clock. `isLinkUp`: a link works all the same. */
export function serverFindings(host: string, answer: ServerAnswer, isLinkUp: boolean): Found[] {
  if (answer.isAnswer) return [fine(`${host} answers.`), ...clockFindings(host, answer.clockAheadMs)]
  const { kind, why } = answer
  if (kind === 'clock')
    return [
      {
        ...problem(
          `The certificate of ${host} is not valid on the date of this machine (${why}).`,
          CURES.clock,
        ),
        check: 'machine.clock',
      },
    ]
  const found = isLinkUp ? warning : problem
  const check = kind === 'name' ? { check: 'network.name' } : {}
  return [{ ...found(`${host} cannot be reached: ${why}.`, CURES[kind]), ...check }]
}

function clockFindings(host: string, aheadMs: number | null): Found[] {
  if (aheadMs === null) return []
  const check = 'machine.clock'
  const off = Math.abs(aheadMs)
  if (off <= CLOCK_WARNING_MS)
    return [{ ...fine(`The clock of this machine agrees with that of ${host}.`), check }]
  const found = off > CLOCK_PROBLEM_MS ? problem : warning
  const side = aheadMs > 0 ? 'ahead of' : 'behind'
  return [
    { ...found(`The clock of this machine is ${spanOf(off)} ${side} that of ${host}.`, CLOCK_CURE), check },
  ]
}

function spanOf(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  if (seconds < 120) return `${seconds} seconds`
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} minutes`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`
}
