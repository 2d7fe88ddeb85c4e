// When a handler runs: __delay, __debounce, __throttle, and inside of a view transition.
import { duration, type Mods } from './grammar'
import type { Cleanup } from './cleanup'

type Run = (...args: any[]) => void

/** Wraps a handler by its timing modifiers. The second value forgets what is still to come. */
export function timed(run: Run, mods: Mods): [Run, Cleanup] {
  const cancels: Cleanup[] = []
  const wrap = (
    make: (run: Run, wait: number, args: Set<string>) => [Run, Cleanup],
    mod: string,
  ): void => {
    const args = mods.get(mod)
    if (!args) return
    const [wrapped, cancel] = make(result, duration(args, 0), args)
    cancels.push(cancel)
    result = wrapped
  }
  let result = run
  wrap(delay, 'delay')
  wrap(debounce, 'debounce')
  wrap(throttle, 'throttle')
  if (mods.has('viewtransition')) {
    const inner = result
    result = (...args) => void transition(() => inner(...args))
  }
  return [result, () => cancels.forEach((cancel) => cancel())]
}

function delay(run: Run, wait: number): [Run, Cleanup] {
  const timers = new Set<ReturnType<typeof setTimeout>>()
  return [
    (...args) => {
      const timer = setTimeout(() => {
        timers.delete(timer)
        run(...args)
      }, wait)
      timers.add(timer)
    },
    () => timers.forEach(clearTimeout),
  ]
}

function debounce(run: Run, wait: number, args: Set<string>): [Run, Cleanup] {
  let timer: ReturnType<typeof setTimeout> | undefined
  return [
    (...values) => {
      const first = timer === undefined
      clearTimeout(timer)
      if (first && args.has('leading')) {
        run(...values)
        timer = setTimeout(() => (timer = undefined), wait)
        return
      }
      timer = setTimeout(() => {
        timer = undefined
        if (!args.has('notrailing')) run(...values)
      }, wait)
    },
    () => clearTimeout(timer),
  ]
}

function throttle(run: Run, wait: number, args: Set<string>): [Run, Cleanup] {
  let timer: ReturnType<typeof setTimeout> | undefined
  let last: unknown[] | undefined
  const open = (): void => {
    timer = undefined
    if (!last) return
    const values = last
    last = undefined
    timer = setTimeout(open, wait)
    run(...values)
  }
  return [
    (...values) => {
      if (timer !== undefined || args.has('noleading'))
        last = args.has('trailing') || args.has('noleading') ? values : undefined
      if (timer !== undefined) return
      timer = setTimeout(open, wait)
      if (!args.has('noleading')) run(...values)
    },
    () => clearTimeout(timer),
  ]
}

interface Transition {
  updateCallbackDone: Promise<void>
  ready: Promise<void>
}

type Transitioning = { startViewTransition?: (update: () => void) => Transition }

/** Changes the page inside a view transition where there are any and the user wants motion. */
export function transition(update: () => void, scope?: string): Promise<void> | void {
  const element = scope ? (document.querySelector(scope) as (Element & Transitioning) | null) : null
  const host = element?.startViewTransition ? element : (document as Transitioning)
  if (!host.startViewTransition || matchMedia('(prefers-reduced-motion: reduce)').matches)
    return update()
  const { ready, updateCallbackDone } = host.startViewTransition(update)
  // A later transition may skip the animation of this one; the change itself is made all the same.
  ready.catch(() => {})
  return updateCallbackDone
}
