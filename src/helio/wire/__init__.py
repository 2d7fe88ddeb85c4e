"""The Datastar protocol, pure: events to bytes, signals from requests, merge patch, an SSE parser.

Nothing here does I/O or knows anything of pages and regions. One encoder writes every event, and no
field it writes can carry a line break, NUL or lone surrogate, so no value can forge another field.
"""

from .batches import batch
from .effects import EffectName, effect
from .events import (
    DEFAULT_MODE,
    MODES,
    NAMESPACES,
    Mode,
    Namespace,
    ack,
    close,
    comment,
    elements,
    retry,
    signals,
)
from .fields import html_bytes
from .merge import merge_patch
from .mounts import MountMode, goto, grant, mount, unmount
from .parser import Event, Parser
from .received import MAX_DEPTH, MAX_KEYS, MAX_SIZE, SignalsError, decode_signals
from .steps import Step, StepMode, steps

__all__ = [
    "DEFAULT_MODE",
    "MAX_DEPTH",
    "MAX_KEYS",
    "MAX_SIZE",
    "MODES",
    "NAMESPACES",
    "EffectName",
    "Event",
    "Mode",
    "MountMode",
    "Namespace",
    "Parser",
    "SignalsError",
    "Step",
    "StepMode",
    "ack",
    "batch",
    "close",
    "comment",
    "decode_signals",
    "effect",
    "elements",
    "goto",
    "grant",
    "html_bytes",
    "merge_patch",
    "mount",
    "retry",
    "signals",
    "steps",
    "unmount",
]
