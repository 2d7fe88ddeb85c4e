"""Error messages of fields: from an Invalid to signals, and away again."""

from collections.abc import Mapping
from typing import Any

from helio.signals import Invalid, Signals, SignalsPatch
from helio.signals.types import Struct, annotations, nested
from helio.web.commands import Command
from helio.web.incoming import Incoming
from helio.wire import merge_patch


def struct_of(invalid: Invalid, command: Command[...]) -> type[Signals] | None:
    """The struct whose fields the messages are about; None if the command takes no signals.

    TypeError if it takes signals, but none with these fields.
    """
    structs = command.parameters.structs
    if invalid.struct is not None or not structs:
        return invalid.struct
    names = {field.partition(".")[0] for field in invalid.messages} - {""}
    if names <= command.parameters.fields:
        return None
    for struct in structs:
        if names <= set(struct.__struct_fields__):
            return struct
    told = [f"{struct.__name__}.{name}" for struct in structs for name in struct.__struct_fields__]
    raise TypeError(
        f"{command.where} refused with Invalid({', '.join(f'{name}=…' for name in names)}), but "
        f"takes no signals with these fields. It takes: {', '.join(told)}."
    )


def by_path(invalid: Invalid, command: Command[...]) -> dict[str, str]:
    """The messages by the dotted path of their field; `""` is the input as a whole."""
    struct = struct_of(invalid, command)
    prefix = struct.signals_prefix() if struct is not None else ""
    return {
        f"{prefix}.{field}" if prefix and field else field: text
        for field, text in invalid.messages.items()
    }


def message_patch(invalid: Invalid, command: Command[...]) -> Mapping[str, Any] | None:
    """The signals that show the messages, and clear those of all other fields of the struct.

    None if one of them has no field to show it at.
    """
    struct = struct_of(invalid, command)
    if struct is None or not all(_has(struct, field) for field in invalid.messages):
        return None
    return struct.error_signals(invalid.messages)


def _has(struct: Struct, field: str) -> bool:
    """Whether a dotted name is a field of the struct; an unknown one that was sent is not."""
    name, _, rest = field.partition(".")
    annotation = annotations(struct).get(name)
    if annotation is None or not rest:
        return annotation is not None
    inner = nested(annotation)
    return inner is not None and _has(inner, rest)


def clearing(command: Command[...], incoming: Incoming) -> SignalsPatch | None:
    """The patch that clears the messages which the page still shows for a command's structs."""
    patch: Any = {}
    for struct in command.parameters.structs:
        prefix = struct.signals_prefix()
        # Where arguments are sent, the page's messages are not, and are cleared unseen.
        unseen = bool(command.parameters.fields) and not incoming.tells_errors
        if unseen or incoming.has_errors(tuple(prefix.split(".")) if prefix else ()):
            patch = merge_patch(patch, struct.error_signals({}))
    return SignalsPatch((), patch) if patch else None
