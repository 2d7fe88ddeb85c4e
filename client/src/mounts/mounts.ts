// What the tab has mounted: which region stands in which target, by which grant. A region that is
// still to come by the stream is awaited.
import { own } from '../engine/cleanup'
import { reopenSoon } from '../net/stream'
import { updateDefaults } from './defaults'

export interface Mount {
  /** A slot's name, `#` and an id, or `~` and a part's name. */
  into: string
  mode: string
  key: string
  grant: string
  /** The server counts on it: that it has gone is news. */
  told: boolean
}

/** By the element that holds it. */
const placed = new Map<Element, Mount>()
let awaited: Mount[] = []

const isSame = (one: Mount, into: string, key: string | undefined): boolean =>
  one.into === into && (key === undefined || one.key === key)

/** The holders of what is mounted in a target: of one region, or of all. */
export const holders = (into: string, key?: string): Element[] =>
  [...placed].filter(([, mount]) => isSame(mount, into, key)).map(([holder]) => holder)

export const mountOf = (holder: Element): Mount | undefined => placed.get(holder)

/** Whether anything is mounted in the page. */
export const hasMounts = (): boolean => placed.size > 0

/** Whether this region is to come; without a key: whether any is. */
export const isAwaited = (key?: string): boolean =>
  awaited.some((mount) => key === undefined || mount.key === key)

/** From now on the element holds what is mounted, until it leaves the page. */
export function hold(holder: Element, mount: Mount): void {
  awaited = awaited.filter((other) => !isSame(other, mount.into, mount.key))
  placed.set(holder, mount)
  own(holder, placed, () => {
    // Ignored, not gone.
    if (holder.isConnected) return hold(holder, mount)
    placed.delete(holder)
    updateDefaults()
    if (mount.told) reopenSoon()
  })
}

/** Notes what the stream will bring. */
export function expect(mount: Mount): void {
  const [holder] = holders(mount.into, mount.key)
  awaited = awaited.filter((other) => !isSame(other, mount.into, mount.key))
  if (holder) Object.assign(placed.get(holder)!, mount)
  else awaited.push(mount)
}

/** Takes away what is mounted in a target, with all that is mounted in that. */
export function drop(into: string, key: string | undefined, told: boolean): void {
  const gone = awaited.filter((mount) => isSame(mount, into, key))
  awaited = awaited.filter((mount) => !gone.includes(mount))
  if (told && gone.some((mount) => mount.told)) reopenSoon()
  for (const holder of holders(into, key)) {
    placed.get(holder)!.told &&= told
    holder.remove()
  }
}

/** A new grant in the place of one that will expire. */
export function renew(key: string, grant: string): void {
  for (const mount of [...placed.values(), ...awaited]) if (mount.key === key) mount.grant = grant
}

/** What a stream's request says of the mounts, those around others first. */
export function tellMounts(): Pick<Mount, 'into' | 'mode' | 'grant'>[] {
  const present = [...document.querySelectorAll('helio-mount')].flatMap(
    (holder) => mountOf(holder) ?? [],
  )
  // What will replace another speaks for it.
  const stays = present.filter(
    ({ into, mode }) =>
      mode !== 'inner' || !awaited.some((next) => next.mode === mode && next.into === into),
  )
  for (const mount of present) mount.told = false
  return [...stays, ...awaited].map((mount) => {
    mount.told = true
    const { into, mode, grant } = mount
    return { into, mode, grant }
  })
}
