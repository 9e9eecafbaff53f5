"""The training stage: one round of one experiment, from crops to weights."""

import json
import logging
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from stpose.artefacts.documents import write_document
from stpose.artefacts.provenance import Provenance, derive, input_identity
from stpose.artefacts.schemas import METRICS
from stpose.artefacts.tables import write_table
from stpose.crop_collection import CropCollection
from stpose.errors import InputError
from stpose.gpu_memory import out_of_memory_told
from stpose.models.cards import initial_files, shipped_names
from stpose.network.alexnet import PoseNetwork
from stpose.network.devices import choose_device
from stpose.network.initial import load_caffe_weights, load_imagenet_weights
from stpose.network.shipped import shipped_weights
from stpose.network.weights import draw_weights, read_network, save_weights
from stpose.recipes.footage import Footage, read_footage
from stpose.recipes.registry import recipes_in_use
from stpose.settings.experiment import ExperimentSettings
from stpose.training.centre import channel_means
from stpose.training.checkpoint import Progress, restore_checkpoint, save_checkpoint
from stpose.training.heads_file import load_heads, save_heads
from stpose.training.held_out import measure_held_out
from stpose.training.loop import new_progress, run
from stpose.training.metrics import Row
from stpose.training.processes import ALONE, Processes
from stpose.training.sampler import Sampler
from stpose.training.tasks import JointModel

_log = logging.getLogger(__name__)

WEIGHTS = "weights.safetensors"
HEADS = "heads.safetensors"
METRICS_TABLE = "metrics.parquet"
CARD = "model.json"
CHECKPOINT = "checkpoint.pt"
_GIGABYTE = 10**9


def train(
    curriculum_path: Path,
    crops_paths: Sequence[Path],
    pairs_path: Path | None,
    weights_path: Path | None,
    out_folder: Path,
    settings: ExperimentSettings,
    code: str = "",
    motion_paths: Sequence[Path] = (),
    held_out: Collection[str] = (),
    processes: Processes = ALONE,
) -> None:
    """Train one round and write its weights, heads, metrics and model card.

    A round that was interrupted goes on from its last checkpoint and, on a CPU, ends with the
    very same weights.

    Args:
        curriculum_path: The curriculum.
        crops_paths: Crops of all videos.
        pairs_path: Pairs mined after the round before; None in round 1.
        weights_path: Weights of the round before, to start from, its heads beside them; None
            starts from the experiment's initial weights.
        out_folder: Gets weights.safetensors (last), heads.safetensors, metrics.parquet and
            model.json.
        settings: Those of the round.
        code: Fingerprint of the code.
        motion_paths: Motion maps of all videos, if a recipe in use needs them.
        held_out: Ids of the videos that nothing is learned from.
        processes: Those that train together; the first one writes.

    Raises:
        InputError: There are too few samples, an initial file does not fit, there is no GPU
            where one is asked for or its memory does not suffice, or the training diverges.
        ArtefactError: An input is damaged or something else.
    """
    device = choose_device(settings.device)
    network = _initial_network(settings, weights_path)
    inputs = [curriculum_path, *crops_paths, *motion_paths]
    provenance = _provenance(inputs, pairs_path, weights_path, settings, code, held_out)
    budget = int(settings.resident_gb * _GIGABYTE)
    with out_of_memory_told("lower resident_gb, or set device to cpu"):
        collection = CropCollection(crops_paths, budget, device, mapped_folder=out_folder)
    everything = read_footage(
        collection.index,
        collection.size_px,
        curriculum_path,
        pairs_path,
        crops_paths,
        motion_paths,
    )
    footage = everything.only(held_out, others=True)
    recipes = recipes_in_use(footage, settings)
    counts = _counts(collection, footage) | {"videos_held_out": len(held_out)}
    for recipe in recipes:
        counts |= recipe.counts
    _log.info("training on %s from %s", device, json.dumps(counts))

    checkpoint = out_folder / CHECKPOINT
    model = JointModel(network, recipes, settings, processes)
    if weights_path is not None:
        kept = load_heads(weights_path.with_name(HEADS), model.heads)
        _log.info("heads of the round before: %s", ", ".join(kept) or "none")
    progress = new_progress(model, settings, device)
    restore_checkpoint(checkpoint, progress, provenance.identity)

    def keep(state: Progress) -> None:
        if processes.is_first:
            save_checkpoint(checkpoint, state, provenance.identity)

    # Not in halves: what a batch teaches is not the sum of what its halves teach.
    smaller = (
        f"lower batch_size ({settings.batch_size}), network.input_px "
        f"({settings.network.input_px}) or resident_gb, or set device to cpu"
    )
    with out_of_memory_told(smaller):
        run(progress, Sampler(recipes, footage.blocks, settings), collection, device, keep)
    if not processes.is_first:
        return

    columns = [column.name for column in METRICS.columns]
    table = {name: [row[name] for row in progress.rows] for name in columns}
    write_table(out_folder / METRICS_TABLE, METRICS, table, provenance)
    card = _card(progress, settings, counts, network)
    if held_out:
        apart = everything.only(held_out)
        card["held_out"] = measure_held_out(model, apart, collection, settings, device)
    if settings.centre:
        network.centre.copy_(channel_means(network, footage, collection, settings, device))
    write_document(out_folder / CARD, "model", 1, card, provenance)
    attributes: dict[str, object] = {"crop_mode": settings.crop_mode}
    save_heads(out_folder / HEADS, model.heads, provenance)
    save_weights(out_folder / WEIGHTS, network, provenance, attributes, settings.vector_network)
    checkpoint.unlink(missing_ok=True)


def _provenance(
    inputs: Sequence[Path],
    pairs_path: Path | None,
    weights_path: Path | None,
    settings: ExperimentSettings,
    code: str,
    held_out: Collection[str],
) -> Provenance:
    # How many rounds there will be does not change this one.
    values = settings.model_dump(mode="json", exclude={"rounds", "changes"})
    if held_out:
        values["held_out"] = sorted(held_out)
    text = json.dumps(values, sort_keys=True, separators=(",", ":"))
    before = [path for path in (pairs_path, weights_path) if path is not None]
    before += [] if weights_path is None else [weights_path.with_name(HEADS)]
    files = initial_files(settings) if weights_path is None else ()
    sources = [(path.name, input_identity(path)) for path in files]
    return derive("training", text, code, [*inputs, *before], sources)


def _initial_network(settings: ExperimentSettings, weights_path: Path | None) -> PoseNetwork:
    if weights_path is not None:
        return _trained_before(weights_path, settings)
    if settings.initial_weights in shipped_names():
        return _trained_before(shipped_weights(settings.initial_weights), settings)
    network = PoseNetwork(settings.network)
    draw_weights(network, settings.seed)
    file = Path(settings.weights_file) if settings.weights_file else None
    if settings.initial_weights == "imagenet":
        load_imagenet_weights(network, file)
    elif settings.initial_weights == "caffe" and file is not None:
        prototxt = Path(settings.prototxt_file) if settings.prototxt_file else None
        load_caffe_weights(network, file, prototxt)
    return network


def _trained_before(path: Path, settings: ExperimentSettings) -> PoseNetwork:
    """Return a network with given weights, for pictures as they are in training."""
    before = read_network(path)
    if before.settings.with_pictures_of(settings.network) != settings.network:
        message = f"{path}: another network than the experiment's"
        raise InputError(message)
    network = PoseNetwork(settings.network)
    network.load_state_dict(before.state_dict())
    network.centre.zero_()
    return network


def _counts(collection: CropCollection, footage: Footage) -> dict[str, Any]:
    index = collection.index
    return {
        "videos": len(index.videos),
        "crops": len(index),
        "crops_held": collection.is_held,
        "blocks": footage.blocks,
        "curriculum_frames": len(footage.crops),
    }


def _card(
    progress: Progress, settings: ExperimentSettings, counts: dict[str, Any], network: PoseNetwork
) -> dict[str, Any]:
    heads = sum(parameter.numel() for parameter in progress.model.parameters())
    convolutions = sum(parameter.numel() for parameter in network.parameters())
    measures = ("step", "loss", "trivial_loss", "accuracy", "chance", "rank1")
    final: dict[str, Row] = {}
    for row in progress.rows:
        final[row["task"]] = {name: row[name] for name in measures}
    return {
        "settings": settings.model_dump(mode="json"),
        "data": counts,
        "parameters": {"convolutions": convolutions, "heads": heads - convolutions},
        "pool5": network.feature_size,
        "iterations": progress.step,
        "seconds": progress.seconds,
        "final": final,
    }
