// helio-mount, helio-unmount, helio-grant: regions that this tab shows in a target of its own.
// data: into TARGET | mode inner, append, prepend | key KEY | grant TOKEN | html (lines)
import type { WatcherPlugin } from '../engine/plugins'
import { drop, expect, wrappers, mountOf, renew, type Mount } from '../mounts/mounts'
import { make } from '../mounts/places'
import { morphInner, parse } from '../morph/morph'
import { change } from '../morph/turn'
import { reopen } from '../net/stream'

function mount(next: Mount, html: string, live: boolean): void {
  const { into, mode, key, grant } = next
  let [wrapper] = wrappers(into, key)
  if (wrapper) mountOf(wrapper)!.grant = grant
  else {
    // The one that takes the whole place takes it from others. The stream itself knows of it.
    if (mode === 'inner') for (const { key } of taking(into)) drop(into, key, !live)
    wrapper = make(next)
  }
  morphInner(wrapper, parse(html))
}

/** What has the whole of a target now. */
const taking = (into: string): Mount[] =>
  wrappers(into)
    .map((wrapper) => mountOf(wrapper)!)
    .filter(({ mode }) => mode === 'inner')

export const mounts: WatcherPlugin[] = [
  {
    name: 'helio-mount',
    frame({ into = '', key = '', html }) {
      const touched = (): Element[] => wrappers(decodeURIComponent(into), key)
      return html !== undefined && touched().length
        ? { key, html, touched, stands: () => touched().length > 0 }
        : undefined
    },
    apply({ live = false }, { into = '', mode = 'inner', key = '', grant = '', html }) {
      const next = { into: decodeURIComponent(into), mode, key, grant, told: live }
      if (html === undefined) expect(next)
      else change(() => mount(next, html, live))
      // The process that answers need not be the one that keeps the tab current.
      if (!live || html === undefined) reopen()
    },
  },
  {
    name: 'helio-unmount',
    apply({ live = false }, { into = '', key }) {
      change(() => drop(decodeURIComponent(into), key, !live))
    },
  },
  {
    name: 'helio-grant',
    apply(_, { key = '', grant = '' }) {
      renew(key, grant)
    },
  },
]
