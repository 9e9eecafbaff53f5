"""`stpose evaluate deeppose`."""

from pathlib import Path
from typing import Annotated

import typer

from stpose.cli.evaluate import options
from stpose.settings.deeppose import DeepPoseSettings

_DEFAULT = DeepPoseSettings()


def deeppose(
    data: options.Data,
    initial: Annotated[
        str,
        typer.Option(
            help="random, imagenet, a file of weights (stpose's, torchvision's or Caffe's), or an "
            "experiment (st, st/1)."
        ),
    ],
    train: Annotated[
        Path | None,
        typer.Option(
            help="Annotations to train on; also a path below --data. Without: the release, or the "
            "only such file."
        ),
    ] = None,
    test: Annotated[
        Path | None,
        typer.Option(help="Annotations to test on; without, held-out images of --train."),
    ] = None,
    head_boxes: Annotated[
        Path | None,
        typer.Option(help="Head boxes for the rows of --test (or of --train), if it has none."),
    ] = None,
    only_with_pictures: Annotated[
        bool,
        typer.Option(
            "--only-with-pictures", help="Leave out people whose picture is missing: for a sample."
        ),
    ] = False,
    iterations: Annotated[int, typer.Option(help="Length of the training.")] = _DEFAULT.iterations,
    input_px: Annotated[
        int | None, typer.Option(help="Side of the pictures; without, the network's own (227).")
    ] = None,
    width: Annotated[float, typer.Option(help="Multiple of AlexNet's channels, for random.")] = 1.0,
    hidden_units: Annotated[
        int, typer.Option(help="Units of each hidden layer.")
    ] = _DEFAULT.hidden_units,
    dropout: Annotated[float, typer.Option(help="Share of them silenced.")] = _DEFAULT.dropout,
    learning_rate: Annotated[
        float, typer.Option(help="Of Adam, falling to 0.")
    ] = _DEFAULT.learning_rate,
    batch: Annotated[int, typer.Option(help="People in a batch.")] = _DEFAULT.batch_size,
    mirror: Annotated[float, typer.Option(help="Share of pictures mirrored.")] = _DEFAULT.mirror,
    shift: Annotated[
        float, typer.Option(help="Largest displacement of squares, in sides.")
    ] = _DEFAULT.shift,
    scale: Annotated[float, typer.Option(help="Largest change of their size.")] = _DEFAULT.scale,
    test_share: Annotated[
        float, typer.Option(help="Share of images held out without --test.")
    ] = _DEFAULT.test_share,
    seed: Annotated[int, typer.Option(help="Seed of all that is drawn.", min=0)] = 0,
    like: options.Like = None,
    prototxt: Annotated[
        Path | None, typer.Option(help="Description that goes with a .caffemodel.")
    ] = None,
    results: options.Results = Path("results"),
    device: options.Device = "auto",
    as_json: options.AsJson = False,
) -> None:
    """PCKh of DeepPose on MPII, trained with annotated joints from a chosen initialisation.

    Example: stpose evaluate deeppose --data mpii --initial weights.safetensors --json
    """
    # Imported here because PyTorch takes seconds to load, and every command loads this file.
    from stpose.benchmarks.mpii.data import find_annotations, load_mpii
    from stpose.benchmarks.mpii.deeppose.evaluation import evaluate_deeppose, make_deeppose_task
    from stpose.benchmarks.mpii.deeppose.initial import initial_network
    from stpose.cli.evaluate.printing import show
    from stpose.cli.evaluate.settings import checked_settings
    from stpose.network.features import load_network
    from stpose.settings.network import NetworkSettings

    settings = checked_settings(
        DeepPoseSettings,
        {
            "iterations": iterations,
            "hidden_units": hidden_units,
            "dropout": dropout,
            "learning_rate": learning_rate,
            "batch_size": batch,
            "mirror": mirror,
            "shift": shift,
            "scale": scale,
            "test_share": test_share,
            "seed": seed,
            "device": device,
        },
    )
    shape = {"width": width, **({} if input_px is None else {"input_px": input_px})}
    network = initial_network(
        initial,
        checked_settings(NetworkSettings, shape) if like is None else load_network(like).settings,
        seed,
        results,
        input_px,
        prototxt,
    )
    people = load_mpii(find_annotations(data, train), head_boxes if test is None else None)
    tested = None if test is None else load_mpii(find_annotations(data, test), head_boxes)
    task = make_deeppose_task(data, people, tested, settings, only_with_pictures)
    show(evaluate_deeppose(task, initial, network, settings), as_json)
