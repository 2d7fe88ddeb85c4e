// @get @post @put @patch @delete: a request whose answer patches the page.
// @post(url, {contentType, filterSignals, selector, headers, openWhenHidden, payload,
// requestCancellation, retry…, live})
import { disown, own } from '../engine/cleanup'
import { fail, report } from '../engine/errors'
import type { ActionContext, ActionPlugin } from '../engine/plugins'
import { raw, replaceValue } from '../signals/store'
import { untracked } from '../signals/reactive'
import { announce } from '../net/deliver'
import { Exchange } from '../net/exchange'
import { pending } from '../net/pending'
import { onOpen } from '../net/stream'
import { Outgoing, type RequestOptions } from '../net/request'
import { randomId } from '../net/tab'
import { wantsStream } from '../net/told'

/** Requests under way that a later one to the same URL may have to end, by method and URL. */
const underWay = new Map<string, Map<Exchange, Element>>()
const live = new Map<Exchange, Element>()
/** The stream of a page that has none by itself. */
let added: Exchange | undefined

onOpen((anew) => {
  const open = [...live.keys()].filter((exchange) => !exchange.closed)
  for (const exchange of anew ? open : []) {
    if (exchange === added && !wantsStream()) exchange.close()
    else exchange.reopen()
  }
  if (open.length || !wantsStream()) return
  const el = document.getElementById('helio-page') ?? document.body
  const { pathname, search } = location
  const options = { live: true, retry: 'always', filterSignals: { include: '^$' } } as const
  const page = { el, evt: undefined, attribute: undefined }
  void request('GET', page, pathname + search, options)
  added = [...live.keys()].at(-1)
})

function supersede(key: string, el: Element, anywhere: boolean): void {
  underWay.get(key)?.forEach((owner, exchange) => {
    if (anywhere || owner === el || !owner.isConnected) exchange.close()
  })
}

function spare(given: AbortController): AbortController {
  if (!given.signal.aborted) return given
  // A spent controller in a signal is replaced, so that the next abort() works again.
  const fresh = new AbortController()
  replaceValue(given, fresh)
  return fresh
}

async function request(
  method: string,
  { el, evt, attribute }: Pick<ActionContext, 'el' | 'evt' | 'attribute'>,
  url: string,
  given: RequestOptions = {},
): Promise<void> {
  const options = raw(given)
  if (!url) fail('FetchNoUrlProvided')
  const outgoing = new Outgoing(el, evt, method, url, options, randomId())
  if (!outgoing.valid) return
  const cancellation = raw(options.requestCancellation ?? 'auto')
  const key = `${method} ${url}`
  const exchange = new Exchange(outgoing)
  if (cancellation === 'auto' || cancellation === 'cleanup') supersede(key, el, false)
  else if (cancellation === 'url') supersede(key, el, true)
  else if (cancellation instanceof AbortController) {
    const { signal } = spare(cancellation)
    signal.addEventListener('abort', () => exchange.close(), { once: true })
  }
  let others = underWay.get(key)
  if (!others) underWay.set(key, (others = new Map()))
  others.set(exchange, el)
  if (exchange.live) {
    // An element has one live stream: another address takes the place of the first.
    live.forEach((owner, other) => owner === el && other.close())
    live.set(exchange, el)
  }
  // A stream ends with the element that opened it, unless it removed that element itself;
  // a command once sent is carried through.
  const end = (): void => {
    if (cancellation === 'cleanup' || exchange.live || (!exchange.command && !exchange.applying))
      exchange.close()
  }
  own(el, exchange, end, evt ? undefined : attribute)
  announce('started', el, {})
  const shown = exchange.command ? pending(el) : undefined
  try {
    await exchange.run()
  } finally {
    others.delete(exchange)
    if (!others.size) underWay.delete(key)
    live.delete(exchange)
    disown(el, exchange)
    announce('finished', el, exchange.ack ? { ack: exchange.ack } : {})
  }
  if (exchange.shows) await exchange.shows
  shown?.()
  document.dispatchEvent(new CustomEvent('helio-settled', { detail: { el } }))
}

export const fetchActions: ActionPlugin[] = ['get', 'post', 'put', 'patch', 'delete'].map(
  (name) => ({
    name,
    apply: (context, url: string, options?: RequestOptions) =>
      untracked(() => {
        const { el } = context
        return request(name.toUpperCase(), context, url, options).catch((cause: unknown) =>
          report({ el, attribute: `@${name}` }, cause),
        )
      }),
  }),
)
