// data-on-intersect="statements": runs when the element comes into view.
// __once __exit __half __full __threshold.N (percent) and the timing modifiers.
import type { AttributePlugin } from '../engine/plugins'
import { timed } from '../engine/timing'
import { batch } from '../signals/reactive'

export const onIntersect: AttributePlugin = {
  name: 'on-intersect',
  requirement: { key: 'denied', value: 'must' },
  apply({ el, mods, rx }) {
    const [run, cancel] = timed(() => batch(rx), mods)
    const percent = Number([...(mods.get('threshold') ?? [])][0])
    const threshold = mods.has('full')
      ? 1
      : mods.has('half')
        ? 0.5
        : Number.isFinite(percent)
          ? Math.min(100, percent) / 100
          : 0
    let inside = false
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, intersectionRatio } of entries) {
          const now = isIntersecting && intersectionRatio >= threshold
          if (now === inside) continue
          inside = now
          if (now === mods.has('exit')) continue
          run()
          if (mods.has('once')) observer.disconnect()
        }
      },
      { threshold },
    )
    observer.observe(el)
    return () => {
      observer.disconnect()
      cancel()
    }
  },
}
