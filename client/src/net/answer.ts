// What an answer does: event streams, HTML, JSON and JavaScript become messages for the watchers.
import { batch, beginBatch, endBatch } from '../signals/reactive'
import { problem, report } from '../engine/errors'
import { camel } from '../engine/grammar'
import type { Message } from '../engine/plugins'
import { deliver, deliverTogether, type Delivery, type Receiver } from './deliver'
import { fields, StreamParser, type StreamEvent } from './sse'
import { waits } from './waiting'

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

/** What of a turn can be applied now. */
const arrived = (turn: StreamEvent[], receiver: Receiver): Delivery[] =>
  turn
    .map((event) => {
      receiver.received?.(event)
      return { type: event.event, args: fields(event.data), receiver }
    })
    .filter((delivery) => !waits(delivery))

async function deliverAll(queue: StreamEvent[], receiver: Receiver): Promise<void> {
  beginBatch()
  try {
    for (const turn of turns(queue)) {
      if (receiver.isOver?.()) return
      const [one, ...others] = arrived(turn, receiver)
      if (others.length) deliverTogether([one!, ...others])
      const pending = one && !others.length && deliver(one)
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
    const pending = batch(() => deliver({ type, args, receiver }))
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
