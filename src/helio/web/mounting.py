"""Mounts: what a command answers to show a region in a slot of one tab, and keep it current."""

from dataclasses import dataclass

from markupsafe import Markup

from helio.live.recorder import forbid
from helio.live.region import Region, RegionCall
from helio.web.grants import Sealed, sealed
from helio.web.slots import target
from helio.wire import MountMode

MODES = ("inner", "append", "prepend")


@dataclass(frozen=True, slots=True)
class Mount:
    """A region is shown at this target of the tab."""

    what: Sealed
    into: str
    mode: MountMode


@dataclass(frozen=True, slots=True)
class Unmount:
    """A region leaves this target of the tab; without `key` all that is mounted there."""

    into: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Refresh:
    """A region is rendered again, for everybody who shows it."""

    call: RegionCall


def mount(region: Markup, /, *, into: str, mode: MountMode = "inner") -> Mount:
    """Show a region in a slot of the tab that sent the command, current until it leaves the page.

    `mount(details(3), into="dialog")`: `into` is a slot's name, or `part(card, 3)`. `inner` takes
    the place of what is there; `append` and `prepend` add to it. It outlives page renders, broken
    streams and restarts: the tab remembers it, and can read the arguments. Who may not see the
    region gets 403, and whoever may not any more loses it; it is the region's own rule that counts,
    not the command's.

    A plain form gets its page with the slot filled. Stock runtimes get the region's HTML once:
    they know no mounts, so there it is not kept current.

    Raises TypeError for what is no region call or no place, for an argument that the tab could
    not bring back, and for a region that is defined inside a handler; ValueError for another mode.
    """
    forbid("mount(…)")
    call = _called(region, "mount")
    if mode not in MODES:
        raise ValueError(f"mount({call.name}, mode={mode!r}): the mode is inner, append or prepend")
    return Mount(sealed(call), target(into, f"mount({call.name})"), mode)


def unmount(into: str, region: Markup | None = None) -> Unmount:
    """Take away what is mounted in a slot or part of the tab; with `region` only that one."""
    forbid("unmount(…)")
    key = None if region is None else _called(region, "unmount").key
    return Unmount(target(into, "unmount(…)"), key)


def refresh(region: Markup, /) -> Refresh:
    """Render a region again wherever it is shown, though nothing that it has read was published.

    For data that says nothing of its changes: a file, another service.
    """
    forbid("refresh(…)")
    return Refresh(_called(region, "refresh"))


def _called(region: object, what: str) -> RegionCall:
    """The call of a region; TypeError for anything else."""
    if isinstance(region, RegionCall):
        return region
    if isinstance(region, Region):
        name = region.function.__name__
        raise TypeError(f"{what}({name}): call the region, {what}({name}(…))")
    shown = repr(region)
    shown = shown if len(shown) <= 80 else shown[:79] + "…"
    raise TypeError(
        f"{what}({shown}): what is mounted is kept current, so it is the call of a region. "
        "Decorate the function with @region."
    )
