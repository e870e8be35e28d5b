// The mock puppet, with what the published one leaves empty filled in, so that every call
// does something that can be seen: in the payloads, in an event, or in the list of what was sent.
import { createHash, randomBytes } from 'node:crypto'
import { FileBox } from 'file-box'
import { types } from 'wechaty-puppet'
import { PuppetMock } from 'wechaty-puppet-mock'

const prefix = randomBytes(4).toString('hex')
let counter = 0

export const newId = kind => `${kind}-${prefix}-${++counter}`
export const nowSeconds = () => Math.floor(Date.now() / 1000)

const FILE_TYPES = [
  [/\.(jpe?g|png|webp)$/i, types.Message.Image],
  [/\.gif$/i, types.Message.Emoticon],
  [/\.mp4$/i, types.Message.Video],
  [/\.(mp3|silk|sil|amr)$/i, types.Message.Audio],
]
const typeOfFile = name => FILE_TYPES.find(([pattern]) => pattern.test(name))?.[1] ?? types.Message.Attachment

export class SpeakingPuppet extends PuppetMock {
  aliases = new Map() // room id -> Map(contact id -> name in that room)
  inviters = new Map() // room id -> Map(contact id -> inviter id)
  announcements = new Map()
  friendships = new Map()
  invitations = new Map()
  sent = [] // every outgoing action, in order
  settings = { echo: 'after', return_ids: true, ding_ms: 0, login_on_start: true }
  lastUser
  onSent = () => {}

  // ---- login: a started puppet comes back as whom it was, like a real one with its session
  login (userId) {
    this.lastUser = userId
    super.login(userId)
  }

  async logout (reason) {
    this.lastUser = undefined
    await super.logout(reason)
  }

  async onStart () {
    if (!this.lastUser || !this.settings.login_on_start) return
    setImmediate(() => {
      if (this.isLoggedIn || !this.lastUser) return
      this.login(this.lastUser)
      this.emit('ready', { data: 'ready' })
    })
  }

  async onStop () {}

  ding (data) {
    setTimeout(() => this.emit('dong', { data: data || '' }), this.settings.ding_ms)
  }

  // ---- payloads kept by us
  put (kind, id, payload) {
    const store = { contact: 'cacheContactPayload', room: 'cacheRoomPayload', message: 'cacheMessagePayload' }[kind]
    this.mocker[store].set(id, payload)
    this.cache[kind]?.delete(id)
  }

  room (id) {
    const payload = this.mocker.cacheRoomPayload.get(id)
    if (!payload) throw new Error(`no room ${id}`)
    return payload
  }

  setMembers (roomId, memberIdList) {
    this.put('room', roomId, { ...this.room(roomId), memberIdList })
  }

  async roomMemberRawPayload (roomId, contactId) {
    if (!this.room(roomId).memberIdList.includes(contactId)) return undefined
    const contact = await this.contactPayload(contactId)
    return {
      avatar: contact.avatar,
      id: contactId,
      name: contact.name,
      roomAlias: this.aliases.get(roomId)?.get(contactId) ?? '',
      inviterId: this.inviters.get(roomId)?.get(contactId) ?? '',
    }
  }

  async friendshipRawPayload (id) {
    if (!this.friendships.has(id)) throw new Error(`no friendship ${id}`)
    return this.friendships.get(id)
  }

  async roomInvitationRawPayload (id) {
    if (!this.invitations.has(id)) throw new Error(`no room invitation ${id}`)
    return this.invitations.get(id)
  }

  // ---- speaking
  post (fields) {
    const payload = { id: newId('message'), type: types.Message.Text, timestamp: nowSeconds(), text: '', ...fields }
    this.put('message', payload.id, payload)
    return payload.id
  }

  note (method, fields) {
    this.sent.push({ method, at: Date.now(), ...fields })
    this.onSent()
  }

  say (method, conversationId, fields, seen) {
    if (!this.isLoggedIn) throw new Error('not logged in')
    const isRoom = this.mocker.cacheRoomPayload.has(conversationId)
    if (!isRoom && !this.mocker.cacheContactPayload.has(conversationId)) throw new Error(`no conversation ${conversationId}`)
    if (isRoom && !this.room(conversationId).memberIdList.includes(this.currentUserId)) throw new Error('not a member of the room')
    const to = isRoom ? { roomId: conversationId } : { listenerId: conversationId }
    const id = this.post({ talkerId: this.currentUserId, ...to, ...fields })
    this.note(method, { conversation_id: conversationId, message_id: id, ...seen })
    const echo = () => this.emit('message', { messageId: id })
    if (this.settings.echo === 'before') echo()
    if (this.settings.echo === 'after') setImmediate(echo)
    return this.settings.return_ids ? id : undefined
  }

  async messageSendText (conversationId, text, mentionIdList = []) {
    return this.say('message_send_text', conversationId, { text, mentionIdList }, { text, mention_ids: mentionIdList })
  }

  async messageSendFile (conversationId, file) {
    const content = await file.toBuffer()
    const seen = { name: file.name, size: content.length, sha256: createHash('sha256').update(content).digest('hex') }
    const id = this.say('message_send_file', conversationId, { type: typeOfFile(file.name), filename: file.name }, seen)
    this.mocker.cacheFileBoxPayload.set(this.sent.at(-1).message_id, FileBox.fromBase64(content.toString('base64'), file.name).toJSON())
    return id
  }

  async messageSendContact (conversationId, contactId) {
    return this.say('message_send_contact', conversationId, { type: types.Message.Contact, text: contactId }, { contact_id: contactId })
  }

  async messageSendUrl (conversationId, link) {
    return this.say('message_send_url', conversationId, { type: types.Message.Url, text: link.url }, { link })
  }

  async messageSendMiniProgram (conversationId, program) {
    return this.say('message_send_mini_program', conversationId, { type: types.Message.MiniProgram }, { program })
  }

  async messageSendLocation (conversationId, location) {
    return this.say('message_send_location', conversationId, { type: types.Message.Location }, { location })
  }

  async messageForward (conversationId, messageId) {
    const { text, type, filename } = await this.messagePayload(messageId)
    return this.say('message_forward', conversationId, { text, type, filename }, { forwarded_id: messageId })
  }

  async messageRecall (messageId) {
    const payload = this.mocker.cacheMessagePayload.get(messageId)
    const own = payload?.talkerId === this.currentUserId && payload.type !== types.Message.Recalled
    this.note('message_recall', { message_id: messageId, success: own })
    if (own) this.announceRecall(payload)
    return own
  }

  // A recall reaches clients as a new message whose text is the id of the old one.
  announceRecall ({ id, talkerId, roomId, listenerId }, text = id) {
    const messageId = this.post({ type: types.Message.Recalled, talkerId, roomId, listenerId, text })
    setImmediate(() => this.emit('message', { messageId }))
    return messageId
  }

  async messageImage (messageId) {
    return this.messageFile(messageId)
  }
}
