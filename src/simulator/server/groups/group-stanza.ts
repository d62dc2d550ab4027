import type { Account } from '../account.ts'
import type { Device } from '../account.ts'
import { deviceJid } from '../envelope.ts'
import type { GroupChange, SimulatedGroup } from './group.ts'
import type { Stanza } from '../../wire/stanza.ts'
import { stanza } from '../../wire/stanza.ts'

const toSeconds = (milliseconds: number): string => String(Math.floor(milliseconds / 1000))

/** A group as the server describes it to a member. */
export function groupStanza(group: SimulatedGroup): Stanza {
  const [creator] = group.members
  const creatorJid = creator === undefined ? undefined : memberJid(group, creator)
  const created = toSeconds(group.createdAtMs)
  const attributes = {
    id: group.id,
    subject: group.subject,
    s_t: created,
    s_o: creatorJid,
    creation: created,
    creator: creatorJid,
    addressing_mode: group.addressing,
    size: String(group.members.length),
  }
  const timer = group.timer === 0 ? [] : [timerStanza(group)]
  return stanza('group', attributes, [...timer, ...group.members.map((member) => participant(group, member))])
}

/** The notice of a change of a group, for the linked clients of its members. */
export function groupNotice(
  group: SimulatedGroup,
  change: GroupChange,
  o: { id: string; timestamp: string },
): Stanza {
  const [actor] = group.members
  const attributes = {
    from: group.jid,
    type: 'w:gp2',
    id: o.id,
    t: o.timestamp,
    addressing_mode: group.addressing,
    ...(actor === undefined ? {} : named(group, actor, 'participant')),
  }
  return stanza('notification', attributes, [changeStanza(group, change)])
}

/**
 * A message to a group as the server hands it to one device: `from` is the group, `participant` the author's device,
 * with the author's other address where the server knows it.
 */
export function groupEnvelope(o: {
  group: SimulatedGroup
  id: string
  type: string
  timestamp: string
  sender: Device
  content: Stanza[]
  /** Attributes that replace the usual ones. */
  attributes?: Readonly<Record<string, string | undefined>>
}): Stanza {
  const mode = o.group.modeOf(o.sender.account)
  const attributes = {
    from: o.group.jid,
    ...named(o.group, o.sender.account, 'participant'),
    participant: deviceJid(o.sender, mode),
    id: o.id,
    t: o.timestamp,
    type: o.type,
    notify: o.sender.name,
    addressing_mode: mode,
    ...o.attributes,
  }
  return stanza('message', attributes, o.content)
}

/** How the group names a member. */
export function memberJid(group: SimulatedGroup, member: Account): string {
  return member.deviceJid(group.modeOf(member))
}

function changeStanza(group: SimulatedGroup, { kind, members }: GroupChange): Stanza {
  if (kind === 'create') return stanza('create', { type: 'new', key: group.id }, [groupStanza(group)])
  if (kind === 'timer') return timerStanza(group)
  if (kind === 'subject')
    return stanza('subject', { subject: group.subject, s_t: toSeconds(group.createdAtMs) })
  return stanza(
    kind,
    {},
    members.map((member) => participant(group, member)),
  )
}

function timerStanza({ timer }: SimulatedGroup): Stanza {
  return timer === 0 ? stanza('not_ephemeral') : stanza('ephemeral', { expiration: String(timer) })
}

function participant(group: SimulatedGroup, member: Account): Stanza {
  const mode = group.modeOf(member)
  const other = member.alternateJid(mode)
  return stanza('participant', {
    jid: memberJid(group, member),
    phone_number: mode === 'lid' ? other : undefined,
    lid: mode === 'pn' ? other : undefined,
    type: group.isAdministrator(member) ? 'superadmin' : undefined,
  })
}

/** A member's name in an attribute, and the other name in the attribute beside it. */
function named(
  group: SimulatedGroup,
  member: Account,
  attribute: string,
): Record<string, string | undefined> {
  const mode = group.modeOf(member)
  return {
    [attribute]: memberJid(group, member),
    [`${attribute}_${mode === 'lid' ? 'pn' : 'lid'}`]: member.alternateJid(mode),
  }
}
