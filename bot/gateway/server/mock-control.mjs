// Drives the mock puppet: one JSON object a line on stdin, one answer a line on stdout.
// {"id": 1, "command": "message", "args": {"room": "r@chatroom", "sender": "u1", "text": "hello"}}
// {"id": 1, "ok": true, "result": {"message_id": "..."}}
import { createInterface } from 'node:readline'
import { FileBox } from 'file-box'
import { types } from 'wechaty-puppet'
import { newId, nowSeconds } from './mock-speaking.mjs'

const enumValue = (names, value) => (typeof value === 'string' ? names[value[0].toUpperCase() + value.slice(1)] : value)
const without = (payload, omit = []) => Object.fromEntries(Object.entries(payload).filter(([key]) => !omit.includes(key)))

function people (puppet) {
  return {
    contact ({ contact }) {
      const known = puppet.mocker.cacheContactPayload.get(contact.id)
      const blank = { id: newId('contact'), name: '', avatar: '', gender: 0, type: types.Contact.Individual, phone: [], friend: false }
      const payload = { ...blank, ...known, ...contact, type: enumValue(types.Contact, contact.type ?? known?.type ?? blank.type) }
      puppet.put('contact', payload.id, payload)
      return { contact_id: payload.id }
    },
    room ({ room: { members, aliases = {}, owner, admins, ...fields } }) {
      const known = puppet.mocker.cacheRoomPayload.get(fields.id)
      const blank = { id: `${newId('room')}@chatroom`, topic: '', avatar: '', memberIdList: [], adminIdList: [] }
      const payload = { ...blank, ...known, ...fields }
      if (members) payload.memberIdList = members
      if (admins) payload.adminIdList = admins
      if (owner) payload.ownerId = owner
      puppet.put('room', payload.id, payload)
      for (const [contact, alias] of Object.entries(aliases)) this.member_alias({ room: payload.id, contact, alias })
      return { room_id: payload.id }
    },
    member_alias ({ room, contact, alias }) {
      if (!puppet.aliases.has(room)) puppet.aliases.set(room, new Map())
      puppet.aliases.get(room).set(contact, alias)
    },
    login ({ contact, ready = true }) {
      puppet.login(contact)
      if (ready) puppet.emit('ready', { data: 'ready' })
    },
    logout: ({ reason }) => puppet.logout(reason),
    friendship ({ contact, hello = '', type = 'receive', ...fields }) {
      const id = newId('friendship')
      const blank = { ticket: `ticket-${id}`, scene: types.FriendshipScene.Room, stranger: '', timestamp: nowSeconds() }
      puppet.friendships.set(id, { ...blank, id, contactId: contact, hello, type: enumValue(types.Friendship, type), ...fields })
      puppet.emit('friendship', { friendshipId: id })
      return { friendship_id: id }
    },
  }
}

function messages (puppet) {
  function post ({ sender, room, to, text = '', type = 'text', mentions = [], file, ...fields }) {
    const place = room ? { roomId: room, mentionIdList: mentions } : { listenerId: to ?? puppet.currentUserId }
    const id = puppet.post({ talkerId: sender ?? puppet.currentUserId, ...place, text, type: enumValue(types.Message, type), ...fields })
    if (file) puppet.mocker.cacheFileBoxPayload.set(id, FileBox.fromBase64(file.base64, file.name).toJSON())
    return id
  }
  return {
    message ({ emit = true, ...fields }) {
      const messageId = post(fields)
      if (emit) puppet.emit('message', { messageId })
      return { message_id: messageId }
    },
    burst ({ count, senders, text = '', ...fields }) {
      const ids = Array.from({ length: count }, (_, n) => post({ ...fields, sender: senders[n % senders.length], text: `${text}${n}` }))
      for (const messageId of ids) puppet.emit('message', { messageId })
      return { message_ids: ids }
    },
    recall ({ message, text }) {
      return { message_id: puppet.announceRecall(puppet.mocker.messagePayload(message), text) }
    },
  }
}

// `update: false` leaves the member list alone, `event: false` tells nobody, `omit` drops fields.
function rooms (puppet) {
  const tell = (name, payload, { event = true, omit }) => event && puppet.emit(name, without(payload, omit))
  return {
    room_join ({ room, invitees = [], inviter = '', timestamp = nowSeconds(), update = true, ...how }) {
      const { memberIdList } = puppet.room(room)
      if (update) puppet.setMembers(room, [...memberIdList, ...invitees.filter(id => !memberIdList.includes(id))])
      if (!puppet.inviters.has(room)) puppet.inviters.set(room, new Map())
      for (const id of invitees) puppet.inviters.get(room).set(id, inviter)
      tell('room-join', { inviteeIdList: invitees, inviterId: inviter, roomId: room, timestamp }, how)
    },
    room_leave ({ room, leavers, remover = leavers[0], timestamp = nowSeconds(), update = true, ...how }) {
      if (update) puppet.setMembers(room, puppet.room(room).memberIdList.filter(id => !leavers.includes(id)))
      tell('room-leave', { removeeIdList: leavers, removerId: remover, roomId: room, timestamp }, how)
    },
    room_topic ({ room, topic, changer = '', timestamp = nowSeconds(), ...how }) {
      const old = puppet.room(room)
      puppet.put('room', room, { ...old, topic })
      tell('room-topic', { changerId: changer, newTopic: topic, oldTopic: old.topic, roomId: room, timestamp }, how)
    },
    room_invite ({ room = '', inviter, topic = '', members = [], ...fields }) {
      const id = newId('invitation')
      const blank = { avatar: '', invitation: '', memberCount: members.length, timestamp: nowSeconds(), receiverId: puppet.currentUserId }
      puppet.invitations.set(id, { ...blank, id, roomId: room, inviterId: inviter, topic, memberIdList: members, ...fields })
      puppet.emit('room-invite', { roomInvitationId: id })
      return { room_invitation_id: id }
    },
  }
}

function wire (gateway) {
  const { puppet, faults } = gateway
  return {
    ping: () => ({ commands: gateway.commands }),
    emit: ({ event, payload = {} }) => void puppet.emit(event, payload),
    emit_raw: fields => faults.writeRaw(fields),
    error: ({ message }) => void puppet.emit('error', { gerror: message }),
    scan: ({ qrcode, status = 2 }) => void puppet.emit('scan', { qrcode, status }),
    fault: rule => ({ rules: faults.rules.push(rule) }),
    clear_faults: () => void (faults.rules = []),
    set: settings => Object.assign(puppet.settings, settings),
    end_stream: fields => faults.endStreams(fields),
    server_down: () => gateway.close(),
    server_up: () => gateway.open(),
    stats ({ clear = false }) {
      const result = {
        attached: faults.attached,
        streams: faults.openedStreams,
        logged_in: puppet.isLoggedIn,
        calls: faults.calls,
        sent: puppet.sent,
      }
      if (clear) Object.assign(faults, { calls: {} })
      if (clear) puppet.sent = []
      return result
    },
    async wait ({ attached, logged_in: loggedIn, method, count = 1, sent, timeout_ms: limit = 5000 }) {
      if (attached !== undefined) await faults.until(() => faults.attached === attached, limit)
      if (loggedIn !== undefined) await faults.until(() => puppet.isLoggedIn === loggedIn, limit)
      if (method) await faults.until(() => (faults.calls[method] ?? 0) >= count, limit)
      if (sent !== undefined) await faults.until(() => puppet.sent.length >= sent, limit)
    },
    reset () {
      for (const store of ['Contact', 'Room', 'Message', 'FileBox']) puppet.mocker[`cache${store}Payload`].clear()
      for (const kind of ['contact', 'room', 'message']) puppet.cache[kind]?.clear()
      for (const kept of [puppet.aliases, puppet.inviters, puppet.announcements, puppet.friendships, puppet.invitations]) kept.clear()
      Object.assign(faults, { rules: [], calls: {} })
      puppet.sent = []
    },
  }
}

export function control (gateway, { input, write, onEnd }) {
  const { puppet, faults } = gateway
  puppet.onSent = () => faults.changed()
  for (const event of ['login', 'logout']) puppet.on(event, () => setImmediate(() => faults.changed()))
  const commands = { ...people(puppet), ...messages(puppet), ...rooms(puppet), ...wire(gateway) }
  gateway.commands = Object.keys(commands)
  const answer = fields => write(`${JSON.stringify(fields)}\n`)

  async function run (line) {
    let id = null
    try {
      const request = JSON.parse(line)
      id = request.id ?? null
      if (!Object.hasOwn(commands, request.command)) throw new Error(`unknown command ${request.command}`)
      const result = await commands[request.command](request.args ?? {})
      answer({ id, ok: true, result: result ?? {} })
    } catch (error) {
      answer({ id, ok: false, error: error.message })
    }
  }

  createInterface({ input }).on('line', run).on('close', onEnd)
}
