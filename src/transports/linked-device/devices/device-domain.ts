import { jidEncode, WAJIDDomains } from '@whiskeysockets/baileys'

/** The device that Meta hosts for a business, the only one in the domains of hosted devices. */
const HOSTED_DEVICE = 99

type Server = Parameters<typeof jidEncode>[1]

interface NamedDevice {
  user: string
  device?: number | undefined
  server: Server
  domainType?: number | undefined
  jid?: string | undefined
}

/** The servers of devices that are not hosted, by the one that Baileys names. */
const PLAIN: Readonly<Partial<Record<string, { server: Server; domainType: WAJIDDomains }>>> = {
  hosted: { server: 's.whatsapp.net', domainType: WAJIDDomains.WHATSAPP },
  'hosted.lid': { server: 'lid', domainType: WAJIDDomains.LID },
}

/**
 * The device under its own address: Baileys rc14 (`extractDeviceJids`) puts every device that is listed behind a hosted one into
 * the hosted one's domain, where WhatsApp knows none of them.
 */
export function inItsDomain<Device extends NamedDevice>(device: Device): Device {
  const plain = PLAIN[device.server]
  if (plain === undefined || device.device === HOSTED_DEVICE) return device
  const jid = device.jid === undefined ? {} : { jid: jidEncode(device.user, plain.server, device.device) }
  return { ...device, ...plain, ...jid }
}
