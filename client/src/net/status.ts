// The connection of the page's streams, as a signal, as an attribute of <html>, and for the banner.
import { hideBanner, showBanner } from '../notices/banner'
import { mergePatch } from '../signals/store'

export type State = 'online' | 'connecting' | 'offline'

/** How long a connection may be missing before the user hears of it. */
const GRACE = 1000

const states = new Map<object, State>()
let timer: ReturnType<typeof setTimeout> | undefined
let shown: State | undefined

/** Says how a stream is doing; `undefined` when it is over. */
export function setState(stream: object, state: State | undefined): void {
  if (state) states.set(stream, state)
  else states.delete(stream)
  const all = [...states.values()]
  const now = (['offline', 'connecting', 'online'] as const).find((one) => all.includes(one))
  if (now === shown) return
  const { documentElement } = document
  if (now) documentElement.setAttribute('data-helio-connection', now)
  else documentElement.removeAttribute('data-helio-connection')
  // A first connection, or one after a rest, is no loss until it fails or takes long.
  if (now === 'offline') online(false)
  if (!now || now === 'online') {
    clearTimeout(timer)
    timer = undefined
    online(true)
    hideBanner()
  } else if (shown) {
    timer ??= setTimeout(() => {
      online(false)
      showBanner()
    }, GRACE)
  }
  shown = now
}

function online(value: boolean): void {
  mergePatch({ _helio: { online: value } })
}
