// Stands between the wire and the real PuppetServer: counts calls, delays them, fails them,
// swallows them, and holds the open event streams. The server itself stays as published.
import { setTimeout as sleep } from 'node:timers/promises'
import { grpc, puppet as protocol } from 'wechaty-grpc'
import { aroundHandlers } from './seam.mjs'

const snake = name => name.replace(/[A-Z]+/g, run => `_${run.toLowerCase()}`)
const mentions = (args, id) => Object.values(args).some(value => value === id || (Array.isArray(value) && value.includes(id)))

export class RpcFaults {
  rules = []
  calls = {}
  streams = new Set()
  openedStreams = 0
  waiters = new Set()

  install () {
    aroundHandlers((handlers, service) => this.wrapAll(service, handlers))
  }

  wrapAll (service, handlers) {
    return Object.fromEntries(Object.entries(handlers).map(([name, handler]) => {
      const streaming = service[name]?.requestStream || service[name]?.responseStream
      if (name === 'event') return [name, stream => this.openStream(stream, handler)]
      return [name, streaming ? handler : (call, callback) => this.answer(snake(name), handler, call, callback)]
    }))
  }

  // A rule: {method, id?, skip?, times?, delay_ms?, hang?, error?, code?, after?}.
  // `after` lets the call do its work first and spoils only the answer.
  match (method, args) {
    const rule = this.rules.find(r => r.method === method && (r.id === undefined || mentions(args, r.id)) && r.times !== 0)
    if (!rule) return undefined
    if (rule.skip > 0) {
      rule.skip -= 1
      return undefined
    }
    if (rule.times > 0) rule.times -= 1
    return rule
  }

  count (method) {
    this.calls[method] = (this.calls[method] ?? 0) + 1
    this.changed()
  }

  async answer (method, handler, call, callback) {
    const rule = this.match(method, call.request.toObject())
    this.count(method)
    if (!rule) return handler(call, callback)
    const spoiled = (error, value) => {
      if (rule.hang) return
      if (rule.error) callback({ code: rule.code ?? grpc.status.INTERNAL, details: rule.error })
      else callback(error, value)
    }
    if (rule.after) {
      return handler(call, async (error, value) => {
        await sleep(rule.delay_ms ?? 0)
        spoiled(error, value)
      })
    }
    await sleep(rule.delay_ms ?? 0)
    if (rule.hang || rule.error) return spoiled()
    return handler(call, callback)
  }

  async openStream (stream, handler) {
    const rule = this.match('event', {})
    this.count('event')
    if (rule) {
      await sleep(rule.delay_ms ?? 0)
      if (rule.hang) return
      if (rule.error) return this.breakStream(stream, rule.code, rule.error)
    }
    this.streams.add(stream)
    this.openedStreams += 1
    for (const name of ['cancelled', 'error', 'finish', 'close']) {
      stream.on(name, () => this.streams.delete(stream) && this.changed())
    }
    handler(stream)
    this.changed()
  }

  breakStream (stream, code = grpc.status.UNAVAILABLE, details = 'broken on purpose') {
    stream.emit('error', { code, details, metadata: new grpc.Metadata() })
  }

  endStreams ({ error, code }) {
    const open = [...this.streams]
    for (const stream of open) error ? this.breakStream(stream, code, error) : stream.end()
    return { ended: open.length }
  }

  // Writes past the server's own listeners: types and payloads that no puppet would emit.
  writeRaw ({ type, payload }) {
    const response = new protocol.EventResponse()
    response.setType(type)
    response.setPayload(typeof payload === 'string' ? payload : JSON.stringify(payload))
    for (const stream of this.streams) stream.write(response)
    return { streams: this.streams.size }
  }

  get attached () {
    return this.streams.size > 0
  }

  changed () {
    for (const waiter of [...this.waiters]) waiter()
  }

  until (condition, milliseconds) {
    return new Promise((resolve, reject) => {
      const finish = (settle, value) => {
        clearTimeout(timer)
        this.waiters.delete(check)
        settle(value)
      }
      const check = () => condition() && finish(resolve)
      const timer = setTimeout(() => finish(reject, new Error(`not seen within ${milliseconds} ms`)), milliseconds)
      this.waiters.add(check)
      check()
    })
  }
}
