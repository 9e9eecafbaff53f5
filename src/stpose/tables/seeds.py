"""Which trainings are the same but for their seed."""

from collections.abc import Mapping

from stpose.settings.experiment import ExperimentSettings

# What changes nothing that is learned, or only by rounding.
_INCIDENTAL = {"seed", "device", "gpu_precision", "resident_gb", "log_every", "checkpoint_every"}


def alike(experiments: Mapping[str, ExperimentSettings]) -> dict[str, tuple[str, ...]]:
    """Return for each experiment the names of those that differ from it in the seed alone.

    Of several with the same seed the first counts.

    Args:
        experiments: Experiments by name.

    Returns:
        By name: itself, and then the others in their order.
    """
    values = {
        name: experiment.model_dump(mode="json", exclude=_INCIDENTAL)
        for name, experiment in experiments.items()
    }
    found = {}
    for name in experiments:
        by_seed = {experiments[name].seed: name}
        for other in experiments:
            if values[other] == values[name]:
                by_seed.setdefault(experiments[other].seed, other)
        found[name] = tuple(by_seed.values())
    return found
