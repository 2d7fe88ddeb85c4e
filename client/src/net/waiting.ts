// Frames that wait: those of a region that touch what the user is in the middle of, and all that
// come after them for the same region.
import { watchers, type Frame } from '../engine/plugins'
import { isHeld, isHolding, onRelease } from '../morph/holds'
import { batch } from '../signals/reactive'
import { deliverTogether, type Delivery } from './deliver'

/** Whoever holds something for longer has forgotten it. */
const PATIENCE = 10_000

interface Waiting {
  delivery: Delivery
  frame: Frame
  timer: ReturnType<typeof setTimeout>
  late: boolean
}

let waiting: Waiting[] = []

/** Whether a frame has to come after another: of the same region, or one with that region in it. */
const follows = ({ key }: Frame, others: readonly Waiting[]): boolean =>
  others.some(({ frame }) => frame.key === key || frame.html.includes(`data-region="${key}"`))

const touches = (frame: Frame): boolean => frame.touched().some(isHeld)

function frameOf({ type, args, receiver }: Delivery): Frame | undefined {
  if (!receiver.live || !(waiting.length || isHolding())) return undefined
  try {
    return watchers.get(type)?.frame?.(args)
  } catch {
    return undefined // What is wrong with it is told when it is applied.
  }
}

/** Keeps a frame back if it has to wait. */
export function waits(delivery: Delivery): boolean {
  const frame = frameOf(delivery)
  if (!frame || !(follows(frame, waiting) || touches(frame))) return false
  const one: Waiting = { delivery, frame, late: false, timer: setTimeout(end, PATIENCE) }
  function end(): void {
    one.late = true
    release()
  }
  waiting.push(one)
  return true
}

function release(): void {
  const rest: Waiting[] = []
  const free: Waiting[] = []
  for (const one of waiting) {
    const { frame, late } = one
    if (!late && (follows(frame, rest) || touches(frame))) rest.push(one)
    else free.push(one)
  }
  waiting = rest
  for (const { timer } of free) clearTimeout(timer)
  const all = free.filter(({ frame }) => frame.stands?.() ?? true).map(({ delivery }) => delivery)
  if (all.length) batch(() => deliverTogether(all))
}

onRelease(release)

/** A stream that opens anew brings again what waited in it. */
export function forget(el: Element): void {
  waiting = waiting.filter(({ delivery, timer }) => {
    const other = delivery.receiver.el !== el
    if (!other) clearTimeout(timer)
    return other
  })
}
