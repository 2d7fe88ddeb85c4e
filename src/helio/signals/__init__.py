"""Signals: typed state of the page, validated on the way in, a patch on the way out."""

from helio.signals.invalid import Invalid
from helio.signals.patch import SignalsPatch
from helio.signals.struct import Signals

__all__ = ["Invalid", "Signals", "SignalsPatch"]
