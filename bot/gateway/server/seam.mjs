// PuppetServer makes its own grpc.Server inside; the one public place to stand between the wire
// and its handlers is where it registers them.
import { grpc, puppet as protocol } from 'wechaty-grpc'

export function aroundHandlers (wrap) {
  const { addService } = grpc.Server.prototype
  grpc.Server.prototype.addService = function (service, implementation) {
    const ours = service === protocol.PuppetService
    return addService.call(this, service, ours ? wrap(implementation, service) : implementation)
  }
}

// A bot calls `stop` whenever it attaches or leaves, and some puppets take that for "log out of
// WeChat and forget the session". Here the call ends the event stream and leaves the account alone.
export function keepLogin (puppet) {
  aroundHandlers(handlers => ({
    ...handlers,
    stop (call, callback) {
      puppet.stop = async () => {}
      try {
        return handlers.stop(call, callback) // reaches puppet.stop before it first waits
      } finally {
        delete puppet.stop
      }
    },
  }))
}
