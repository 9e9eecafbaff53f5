"""Experiments that are told as what differs from another one."""

from collections.abc import Mapping
from typing import Any

from stpose.errors import InputError
from stpose.settings.merging import merged

BASE = "base"


def with_bases(experiments: Mapping[str, Any]) -> dict[str, Any]:
    """Return experiments as they are once each has taken over what its base says.

    Args:
        experiments: By name the nested settings as they were read; `base` in one of them names
            another, whose settings hold wherever its own say nothing.

    Returns:
        The same experiments without `base`; what is no mapping is left as it is.

    Raises:
        InputError: There is no experiment of that name, or following the bases leads in a circle.
    """
    return {name: _resolved(name, experiments, ()) for name in experiments}


def _resolved(name: str, experiments: Mapping[str, Any], followed: tuple[str, ...]) -> Any:
    own = experiments[name]
    if not isinstance(own, Mapping):
        return own
    base = own.get(BASE, "")
    rest = {key: value for key, value in own.items() if key != BASE}
    if not base:
        return rest
    key = f"experiments.{name}.{BASE}"
    way = (*followed, name)
    if base in way:
        message = f"settings:\n  {key}: {' -> '.join((*way, base))} is a circle"
        raise InputError(message)
    if base not in experiments:
        known = ", ".join(other for other in experiments if other != name)
        message = f"settings:\n  {key}: found {base!r}, expected another experiment ({known})"
        raise InputError(message)
    inherited = _resolved(base, experiments, way)
    return merged(inherited, rest) if isinstance(inherited, Mapping) else rest
