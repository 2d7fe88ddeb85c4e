// What the tab has mounted: which region stands in which target, by which grant. A region that is
// still to come by the stream is awaited.
import { own } from '../engine/cleanup'
import { problem, report } from '../engine/errors'
import { reopenSoon } from '../net/stream'
import { updateDefaults } from './defaults'

/** A tab may have no more; what came first is kept current no longer. */
const MOST = 100

export interface Mount {
  /** A slot's name, `#` and an id, or `~` and a part's name. */
  into: string
  mode: string
  key: string
  grant: string
  /** The server counts on it: that it has gone is news. */
  told: boolean
}

/** By the element around it. */
const placed = new Map<Element, Mount>()
let awaited: Mount[] = []

const isSame = (one: Mount, into: string, key: string | undefined): boolean =>
  one.into === into && (key === undefined || one.key === key)

/** The elements around what is mounted in a target: one region, or all. */
export const wrappers = (into: string, key?: string): Element[] =>
  [...placed].filter(([, mount]) => isSame(mount, into, key)).map(([wrapper]) => wrapper)

export const mountOf = (wrapper: Element): Mount | undefined => placed.get(wrapper)

/** Whether anything is mounted in the page. */
export const hasMounts = (): boolean => placed.size > 0

/** Whether any of it has to be kept current. */
export const hasGrants = (): boolean => [...placed.values(), ...awaited].some(({ grant }) => grant)

/** Whether this region is to come. */
export const isAwaited = (key: string): boolean => awaited.some((mount) => mount.key === key)

/** From now on this is mounted in the element, until that leaves the page. */
export function keep(wrapper: Element, mount: Mount): void {
  awaited = awaited.filter((other) => !isSame(other, mount.into, mount.key))
  placed.set(wrapper, mount)
  own(wrapper, placed, () => {
    // Ignored, not gone.
    if (wrapper.isConnected) return keep(wrapper, mount)
    placed.delete(wrapper)
    updateDefaults()
    if (mount.told) reopenSoon()
  })
}

/** Takes over what the document came with: it stays as it is, since it has no grant. */
export function adoptMounts(): void {
  for (const wrapper of document.querySelectorAll<HTMLElement>('helio-mount')) {
    const { into = '', mode = 'inner' } = wrapper.dataset
    const key = wrapper.firstElementChild?.getAttribute('data-region') ?? ''
    keep(wrapper, { into, mode, key, grant: '', told: false })
  }
}

/** Notes what the stream will bring. */
export function expect(mount: Mount): void {
  const [wrapper] = wrappers(mount.into, mount.key)
  awaited = awaited.filter((other) => !isSame(other, mount.into, mount.key))
  if (wrapper) Object.assign(placed.get(wrapper)!, mount)
  else awaited.push(mount)
}

/**
 * Takes away what is mounted in a target, with all that is mounted in that. `news` says whether
 * the server has yet to hear of it.
 */
export function drop(into: string, key: string | undefined, news: boolean): void {
  const gone = awaited.filter((mount) => isSame(mount, into, key))
  awaited = awaited.filter((mount) => !gone.includes(mount))
  if (news && gone.some((mount) => mount.told)) reopenSoon()
  for (const wrapper of wrappers(into, key)) {
    placed.get(wrapper)!.told &&= news
    wrapper.remove()
  }
}

/** Does not wait any more for what had to come to such places. */
export function dropAwaited(gone: (mount: Mount) => boolean): void {
  awaited = awaited.filter((mount) => !gone(mount))
}

/** A new grant in the place of one that will expire. */
export function renew(key: string, grant: string): void {
  for (const mount of [...placed.values(), ...awaited]) if (mount.key === key) mount.grant = grant
}

/** What a stream's request says of the mounts, those around others first. */
export function tellMounts(): Pick<Mount, 'into' | 'mode' | 'grant'>[] {
  const present = [...document.querySelectorAll('helio-mount')].flatMap(
    (wrapper) => mountOf(wrapper) ?? [],
  )
  // What will replace another speaks for it.
  const stays = present.filter(
    ({ into, mode }) =>
      mode !== 'inner' || !awaited.some((next) => next.mode === mode && next.into === into),
  )
  for (const mount of present) mount.told = false
  const all = [...stays, ...awaited].filter(({ grant }) => grant)
  if (all.length > MOST) report({}, problem('TooManyMounts', all.length))
  return all.slice(-MOST).map((mount) => {
    mount.told = true
    const { into, mode, grant } = mount
    return { into, mode, grant }
  })
}
