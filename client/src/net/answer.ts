// What an answer does: event streams, HTML, JSON and JavaScript become messages for the watchers.
import { batch, beginBatch, endBatch } from '../signals/reactive'
import { problem, report } from '../engine/errors'
import { camel } from '../engine/grammar'
import { watchers, type Message, type WatcherContext } from '../engine/plugins'
import { together } from '../morph/turn'
import { fields, StreamParser, type StreamEvent } from './sse'

/** Tells the page about the life of a request. */
export function announce(type: string, el: Element, argsRaw: Message): void {
  document.dispatchEvent(new CustomEvent('datastar-fetch', { detail: { type, el, argsRaw } }))
}

export interface Receiver {
  el: HTMLElement
  /** It is the page's stream. */
  live?: boolean
  /** Whether a signal may be set by this answer. */
  except?: (path: string) => boolean
  /** Every event of a stream, before it takes effect. */
  received?: (event: StreamEvent) => void
  retry?: (milliseconds: number) => void
  /** Bytes came, of whatever kind. */
  alive?: () => void
}

let applying: Receiver | undefined

/** Whether the page is being changed by this answer right now. */
export const isApplying = (receiver: Receiver | undefined): boolean =>
  receiver !== undefined && applying === receiver

/** Applies one message; a failure is reported and stops nothing else. */
export function deliver(type: string, args: Message, receiver: Receiver): void | Promise<unknown> {
  const { el, except, live } = receiver
  if (type.startsWith('datastar-')) announce(type, el, args)
  const plugin = watchers.get(type)
  if (!plugin) return
  const context: WatcherContext = { el, except, live, error: problem }
  const outer = applying
  applying = receiver
  try {
    return attempt(type, () => plugin.apply(context, args))
  } finally {
    applying = outer
  }
}

function attempt(type: string, run: () => void | Promise<unknown>): void | Promise<unknown> {
  const failed = (cause: unknown): void => report({ attribute: type }, cause)
  try {
    const done = run()
    return done instanceof Promise ? done.catch(failed) : undefined
  } catch (cause) {
    failed(cause)
  }
}

export type Kind = 'stream' | 'html' | 'json' | 'script' | undefined

const KINDS: Record<string, Kind> = {
  'event-stream': 'stream',
  html: 'html',
  json: 'json',
  javascript: 'script',
}

export function kindOf(response: Response): Kind {
  const [, name = ''] =
    /^(?:text|application)\/(?:[\w.-]+\+)?([\w-]+)/.exec(
      response.headers.get('content-type') ?? '',
    ) ?? []
  return KINDS[name.toLowerCase()]
}

/** Reads a stream to its end. The signals of what arrives together change together. */
export async function readStream(
  response: Response,
  receiver: Receiver,
  lastId: string,
): Promise<void> {
  if (!response.body) return
  const queue: StreamEvent[] = []
  const parser = new StreamParser(
    (event) => queue.push(event),
    receiver.retry ?? (() => {}),
    lastId,
  )
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  for (;;) {
    receiver.alive?.()
    const { done, value } = await reader.read()
    // A batch that has not come whole is dropped: half of it would show a state that never was,
    // and the stream that opens next has the versions that it was to change.
    if (done) return
    parser.feed(decoder.decode(value, { stream: true }))
    if (queue.length) await deliverAll(queue, receiver)
  }
}

/** Takes from a queue what may be applied: single events, and batches whose last event has come. */
function* turns(queue: StreamEvent[]): Generator<StreamEvent[]> {
  while (queue.length) {
    const { event, data } = queue[0]!
    const batch = event === 'helio-batch'
    const length = batch ? 1 + Math.max(0, Number(fields(data).size) || 0) : 1
    if (queue.length < length) return
    yield queue.splice(0, length).slice(+batch)
  }
}

/** Applies a batch: nobody sees the page between two of its events. */
function deliverTogether(events: StreamEvent[], receiver: Receiver): void {
  const messages = events.map(({ event, data }) => [event, fields(data)] as const)
  together(() => {
    for (const [type, args] of messages) {
      attempt(type, () => watchers.get(type)?.prepare?.(args))
    }
    messages.forEach(([type, args], at) => {
      receiver.received?.(events[at]!)
      void deliver(type, args, receiver)
    })
  })
}

async function deliverAll(queue: StreamEvent[], receiver: Receiver): Promise<void> {
  beginBatch()
  try {
    for (const turn of turns(queue)) {
      const [event] = turn
      if (!event || turn.length > 1) {
        deliverTogether(turn, receiver)
        continue
      }
      receiver.received?.(event)
      const pending = deliver(event.event, fields(event.data), receiver)
      if (!pending) continue
      // A view transition changes the page later; what follows it must come after it.
      endBatch()
      try {
        await pending
      } finally {
        beginBatch()
      }
    }
  } finally {
    endBatch()
  }
}

/** The `datastar-*` headers of an answer, by the names the messages use. */
function named({ headers }: Response): Message {
  const result: Message = {}
  headers.forEach((value, name) => {
    if (name.startsWith('datastar-')) result[camel(name.slice(9))] = value
  })
  return result
}

const WHOLE = /^\s*(?:<!doctype|<html[\s>])/i

/** Applies an answer that is not a stream. Tells whether there was anything to apply. */
export async function applyBody(
  response: Response,
  kind: Kind,
  receiver: Receiver,
): Promise<boolean> {
  const text = await response.text()
  const send = async (type: string, args: Message): Promise<void> => {
    const pending = batch(() => deliver(type, args, receiver))
    await pending
  }
  if (kind === 'html') {
    const args = named(response)
    // An error page of whoever stands between is no patch: it would replace what the user has.
    if (response.status >= 400 && !args.selector && WHOLE.test(text)) return false
    if (text.trim() || args.mode === 'remove')
      await send('datastar-patch-elements', { ...args, elements: text })
  } else if (kind === 'json') {
    await send('datastar-patch-signals', { ...named(response), signals: text })
  } else if (kind === 'script') {
    await send('datastar-execute-script', { ...named(response), script: text })
  } else if (text.trim() && response.ok) {
    report(
      { el: receiver.el },
      problem('FetchExpectedTextEventStream', response.headers.get('content-type')),
    )
  }
  return kind !== undefined
}
