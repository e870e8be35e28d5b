// The second half of the mock puppet: what a bot does to rooms and to people.
import { FileBox } from 'file-box'
import { types } from 'wechaty-puppet'
import { SpeakingPuppet, newId, nowSeconds } from './mock-speaking.mjs'

const TINY_PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

export class GroupPuppet extends SpeakingPuppet {
  async roomAdd (roomId, contactId, inviteOnly = false) {
    const ids = [contactId].flat().filter(id => !this.room(roomId).memberIdList.includes(id))
    this.note('room_add', { room_id: roomId, contact_id: contactId, invite_only: inviteOnly })
    if (!inviteOnly && ids.length > 0) this.joined(roomId, ids, this.currentUserId)
  }

  joined (roomId, ids, inviterId, timestamp = nowSeconds()) {
    this.setMembers(roomId, [...this.room(roomId).memberIdList, ...ids])
    setImmediate(() => this.emit('room-join', { inviteeIdList: ids, inviterId, roomId, timestamp }))
  }

  async roomDel (roomId, contactId) {
    this.note('room_del', { room_id: roomId, contact_id: contactId })
    this.left(roomId, [contactId].flat())
  }

  async roomQuit (roomId) {
    this.note('room_quit', { room_id: roomId })
    this.left(roomId, [this.currentUserId])
  }

  left (roomId, ids) {
    this.setMembers(roomId, this.room(roomId).memberIdList.filter(id => !ids.includes(id)))
    const payload = { removeeIdList: ids, removerId: this.currentUserId, roomId, timestamp: nowSeconds() }
    setImmediate(() => this.emit('room-leave', payload))
  }

  async roomTopic (roomId, topic) {
    const room = this.room(roomId)
    if (topic === undefined) return room.topic
    this.note('room_topic', { room_id: roomId, topic })
    this.put('room', roomId, { ...room, topic })
    const payload = { changerId: this.currentUserId, newTopic: topic, oldTopic: room.topic, roomId, timestamp: nowSeconds() }
    setImmediate(() => this.emit('room-topic', payload))
  }

  async roomCreate (contactIdList, topic = '') {
    const id = `${newId('room')}@chatroom`
    const memberIdList = [this.currentUserId, ...contactIdList]
    this.put('room', id, { id, topic, memberIdList, adminIdList: [], ownerId: this.currentUserId, avatar: '' })
    this.note('room_create', { room_id: id, contact_ids: contactIdList, topic })
    return id
  }

  async roomAnnounce (roomId, text) {
    this.room(roomId)
    if (text === undefined) return this.announcements.get(roomId) ?? ''
    this.announcements.set(roomId, text)
    this.note('room_announce', { room_id: roomId, text })
  }

  async roomInvitationAccept (id) {
    const { roomId, inviterId } = await this.roomInvitationRawPayload(id)
    this.note('room_invitation_accept', { room_invitation_id: id })
    if (roomId) this.joined(roomId, [this.currentUserId], inviterId)
  }

  // ---- people
  async friendshipAccept (id) {
    const { contactId } = await this.friendshipRawPayload(id)
    this.put('contact', contactId, { ...this.mocker.contactPayload(contactId), friend: true })
    this.note('friendship_accept', { friendship_id: id, contact_id: contactId })
    const friendshipId = newId('friendship')
    this.friendships.set(friendshipId, { id: friendshipId, contactId, type: types.Friendship.Confirm, timestamp: nowSeconds() })
    setImmediate(() => this.emit('friendship', { friendshipId }))
  }

  async friendshipAdd (contactId, options) {
    const hello = typeof options === 'string' ? options : options?.hello
    this.note('friendship_add', { contact_id: contactId, hello })
  }

  async contactAlias (contactId, alias) {
    const contact = this.mocker.contactPayload(contactId)
    if (alias === undefined) return contact.alias ?? ''
    this.put('contact', contactId, { ...contact, alias: alias ?? '' })
    this.note('contact_alias', { contact_id: contactId, alias })
  }

  async contactSelfName (name) {
    this.put('contact', this.currentUserId, { ...this.mocker.contactPayload(this.currentUserId), name })
    this.note('contact_self_name', { name })
  }

  async contactAvatar (contactId, file) {
    if (file) return this.note('contact_avatar', { contact_id: contactId, name: file.name })
    return FileBox.fromBase64(TINY_PNG, 'avatar.png')
  }

  async roomAvatar () {
    return FileBox.fromBase64(TINY_PNG, 'room.png')
  }
}
