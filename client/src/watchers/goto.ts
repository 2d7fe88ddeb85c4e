// helio-goto: another page in the place of this one, within its layout.
// data: url URL | title TEXT | html (lines): its opener and its root
import { webUrl } from '../engine/dom'
import type { WatcherPlugin } from '../engine/plugins'
import { parse } from '../morph/morph'
import { visit } from '../pages/history'

export const goto: WatcherPlugin = {
  name: 'helio-goto',
  apply(_, { url = '', title, html = '' }) {
    const target = webUrl(url)
    if (target.origin !== location.origin || !visit(target, title, parse(html)))
      location.assign(target)
  },
}
