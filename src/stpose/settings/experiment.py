"""Settings of an experiment: one training, of one or more rounds."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic.config import JsonDict

from stpose.settings.base import StageSettings
from stpose.settings.merging import merged
from stpose.settings.network import NetworkSettings
from stpose.settings.recipes import (
    ContrastSettings,
    GradientsSettings,
    MotionSettings,
    OffsetSettings,
    ViewsSettings,
)

_FRAMES: JsonDict = {"unit": "stored frames"}
_STEPS: JsonDict = {"unit": "iterations"}
_SHARE: JsonDict = {"unit": "1"}


class ExperimentSettings(StageSettings):
    """What a network is trained on, from which weights, and how."""

    base: str = Field(
        "",
        description="Name of another experiment, whose settings hold wherever this one says "
        "nothing.",
    )
    network: NetworkSettings = Field(NetworkSettings(), description="The network.")
    vector_px: int = Field(
        0,
        description="Side of the picture that vectors are taken from after training: a larger one "
        "than `network.input_px` has more places in pool5, with the same weights; 0 is the same.",
        ge=0,
        le=1024,
        json_schema_extra={"unit": "px"},
    )
    vector_window: float = Field(
        0.0,
        description="`network.window` of the network that vectors are taken with; training keeps "
        "its own.",
        ge=0.0,
        le=10.0,
        json_schema_extra={"unit": "widths of the picture"},
    )
    centre: bool = Field(
        False,
        description="Vectors are taken about the mean of each of pool5's channels over the "
        "footage, in place of about 0.",
    )
    head_width: float = Field(
        1.0,
        description="Multiple of the 2048 and 1024 units of the fully connected layers.",
        ge=0.01,
        le=4.0,
        json_schema_extra=_SHARE,
    )
    dropout: float = Field(
        0.5,
        description="Share of the fully connected units silenced in training, as in AlexNet.",
        ge=0.0,
        le=0.9,
        json_schema_extra=_SHARE,
    )
    initial_weights: Literal["random", "imagenet", "caffe", "paper", "best"] = Field(
        "random",
        description="Where round 1 starts: random weights, torchvision's AlexNet trained on "
        "ImageNet, Caffe's AlexNet, or weights that come with the package (`paper`, `best`; the "
        "network must be theirs).",
    )
    weights_file: str = Field(
        "",
        description="File of initial weights (imagenet: .pth or .safetensors; caffe: .caffemodel, "
        ".h5 or .npz); empty lets torchvision download its own.",
    )
    prototxt_file: str = Field("", description="Description that goes with a .caffemodel.")
    rounds: int = Field(
        2,
        description="Trainings one after another, with mining of repetitions between.",
        ge=1,
        le=9,
    )
    warm_start: bool = Field(
        True, description="Later rounds start from the round before, not from the initial weights."
    )
    changes: dict[int, dict[str, Any]] = Field(
        {},
        description="By number of the round: settings of this section that differ in it.",
    )

    ordering_weight: float = Field(
        1.0,
        description="Weight of temporal ordering in the joint loss; 0 leaves the task out.",
        ge=0.0,
        le=100.0,
        json_schema_extra=_SHARE,
    )
    placement_weight: float = Field(
        0.1,
        description="Weight of spatial placement in the joint loss; 0 leaves the task out.",
        ge=0.0,
        le=100.0,
        json_schema_extra=_SHARE,
    )
    motion: MotionSettings = Field(MotionSettings(), description="The recipe motion.")
    offset: OffsetSettings = Field(OffsetSettings(), description="The recipe offset.")
    contrast: ContrastSettings = Field(ContrastSettings(), description="The recipe contrast.")
    views: ViewsSettings = Field(ViewsSettings(), description="The recipe views.")
    gradients: GradientsSettings = Field(GradientsSettings(), description="The recipe gradients.")
    tau_positive: int = Field(
        4,
        description="How much later than the anchor a positive frame is.",
        ge=1,
        le=1000,
        json_schema_extra=_FRAMES,
    )
    tau_negative_min: int = Field(
        8,
        description="Smallest distance of a negative frame, before or after the anchor.",
        ge=1,
        le=1000,
        json_schema_extra=_FRAMES,
    )
    tau_negative_max: int = Field(
        16, description="Largest such distance.", ge=1, le=1000, json_schema_extra=_FRAMES
    )
    sigma_positive_min: float = Field(
        0.65,
        description="Smallest overlap of a box that counts as placed on the person.",
        gt=0.0,
        lt=1.0,
        json_schema_extra=_SHARE,
    )
    sigma_positive_max: float = Field(
        0.95, description="Largest such overlap.", gt=0.0, le=1.0, json_schema_extra=_SHARE
    )
    sigma_negative_min: float = Field(
        0.25,
        description="Smallest overlap of a box that counts as missing the person.",
        gt=0.0,
        lt=1.0,
        json_schema_extra=_SHARE,
    )
    sigma_negative_max: float = Field(
        0.55, description="Largest such overlap.", gt=0.0, le=1.0, json_schema_extra=_SHARE
    )
    repetition_share: float = Field(
        0.5,
        description="Share of the anchors that come from mined repetitions (from round 2 on); the "
        "others then come from tracks without any.",
        ge=0.0,
        le=1.0,
        json_schema_extra=_SHARE,
    )
    repetition_blocks: int = Field(
        3,
        description="Number of curriculum blocks up to which repetitions are mixed in; without "
        "curriculum they always are.",
        ge=0,
        le=1000,
        json_schema_extra={"unit": "blocks"},
    )

    iterations: int = Field(
        40_000,
        description="Length of a round; 0 leaves the initial weights as they are.",
        ge=0,
        le=10_000_000,
        json_schema_extra=_STEPS,
    )
    curriculum: bool = Field(
        True,
        description="Harder frames come in block by block; without, all blocks are drawn from "
        "since the first iteration: the same frames, in no order.",
    )
    first_blocks: int = Field(
        1,
        description="Curriculum blocks in use from the start, the clearest ones.",
        ge=1,
        le=100,
        json_schema_extra={"unit": "blocks"},
    )
    curriculum_update: int = Field(
        2_500,
        description="After so many iterations the next block of harder frames is added.",
        ge=1,
        le=10_000_000,
        json_schema_extra=_STEPS,
    )
    batch_size: int = Field(
        48,
        description="Samples of each task in a batch: groups of one positive and its negatives.",
        ge=2,
        le=65_536,
        json_schema_extra={"unit": "samples"},
    )
    negatives: int = Field(3, description="Negatives to a positive.", ge=1, le=15)
    optimiser: Literal["adam", "adamw"] = Field("adam", description="How weights are updated.")
    learning_rate: float = Field(
        1e-4, description="Learning rate of the fully connected layers.", gt=0.0, le=1.0
    )
    convolution_learning_rate: float = Field(
        1e-5, description="Learning rate of the convolutions.", ge=0.0, le=1.0
    )
    weight_decay: float = Field(0.0, description="Weight decay.", ge=0.0, le=1.0)
    schedule: Literal["constant", "cosine"] = Field(
        "constant", description="Learning rate over time; cosine falls to 0."
    )

    crop_mode: Literal["warp", "square"] = Field(
        "warp",
        description="A box is stretched to the network's square, or grown to a square first.",
    )
    mirror: float = Field(
        0.5,
        description="Share of groups of pictures flipped left to right, all together.",
        ge=0.0,
        le=1.0,
        json_schema_extra=_SHARE,
    )
    rotation: float = Field(
        0.0,
        description="Largest turn to either side, the same for a group of pictures.",
        ge=0.0,
        le=180.0,
        json_schema_extra={"unit": "degrees"},
    )
    shift: float = Field(
        0.0,
        description="Largest displacement of each person's box in ordering, in box sizes.",
        ge=0.0,
        le=0.5,
        json_schema_extra=_SHARE,
    )
    scale: float = Field(
        0.0,
        description="Largest change of size of each person's box in ordering: from 1 / (1 + scale) "
        "to 1 + scale.",
        ge=0.0,
        le=1.0,
        json_schema_extra=_SHARE,
    )
    colour_jitter: float = Field(
        0.0,
        description="Largest change of brightness, contrast and saturation, each picture by "
        "itself: 0.5 is from half to one and a half.",
        ge=0.0,
        le=1.0,
        json_schema_extra=_SHARE,
    )

    grey_share: float = Field(
        0.0,
        description="Share of the pictures that lose their colours altogether.",
        ge=0.0,
        le=1.0,
        json_schema_extra=_SHARE,
    )

    held_out_share: float = Field(
        0.0,
        description="Share of the videos (of their `sources`, where these are known) that nothing "
        "is learned from: on them is measured at the end how well the questions are answered.",
        ge=0.0,
        le=0.9,
        json_schema_extra=_SHARE,
    )
    held_out_batches: int = Field(
        50, description="Batches drawn for that from the videos held out.", ge=1, le=100_000
    )

    seed: int = Field(0, description="Seed of all that is drawn.", ge=0, le=2**31 - 1)
    device: Literal["auto", "cpu", "cuda"] = Field(
        "auto", description="Where to train; auto takes a GPU if there is one."
    )
    processes: int = Field(
        1,
        description="Processes that share out each batch and train one network together: one a "
        "GPU; on a CPU they share its cores.",
        ge=1,
        le=64,
    )
    gpu_precision: Literal["float32", "bfloat16", "float16"] = Field(
        "bfloat16", description="Precision of the network on a GPU; on a CPU it is float32."
    )
    resident_gb: float = Field(
        4.0,
        description="Main memory that decoded crops may take. A GPU holds them if they fit in half "
        "of its free memory; what does not fit in either goes into a file that is mapped, if the "
        "disk has twice as much free. 0 decodes them for each batch, as is done where all is full.",
        ge=0.0,
        le=4096.0,
        json_schema_extra={"unit": "GB"},
    )
    log_every: int = Field(
        100, description="Distance of rows in the metrics.", ge=1, json_schema_extra=_STEPS
    )
    checkpoint_every: int = Field(
        1000, description="Distance of checkpoints.", ge=1, json_schema_extra=_STEPS
    )

    @property
    def vector_network(self) -> NetworkSettings:
        """The network as vectors are taken with it: at `vector_px`, with `vector_window`."""
        input_px = self.vector_px or self.network.input_px
        window = self.vector_window or self.network.window
        return self.network.model_copy(update={"input_px": input_px, "window": window})

    @property
    def anchors(self) -> int:
        """Groups of one positive and its negatives in a batch."""
        return self.batch_size // (1 + self.negatives)

    @property
    def recipe_weights(self) -> Mapping[str, float]:
        """Weight of every recipe in the joint loss."""
        return {
            "ordering": self.ordering_weight,
            "placement": self.placement_weight,
            "motion": self.motion.weight,
            "offset": self.offset.weight,
            "contrast": self.contrast.weight,
            "views": self.views.weight,
            "gradients": self.gradients.weight,
        }

    @property
    def uses_repetitions(self) -> bool:
        """Tell whether a recipe in use draws from mined repetitions."""
        return bool(self.ordering_weight or self.contrast.weight)

    def of_round(self, number: int) -> "ExperimentSettings":
        """Return the settings of a round, counted from 1, its changes among them.

        The number of rounds and the changes themselves are left at their defaults: what another
        round does is no part of this one.
        """
        values = self.model_dump(exclude={"changes", "rounds"})
        return ExperimentSettings(**merged(values, self.changes.get(number, {})))

    @property
    def initial_files(self) -> tuple[Path, ...]:
        """Files that round 1 starts from."""
        return tuple(Path(name) for name in (self.weights_file, self.prototxt_file) if name)

    @model_validator(mode="after")
    def _values_fit_together(self) -> Self:
        group = 1 + self.negatives
        ranges = ("tau_negative", "sigma_positive", "sigma_negative")
        problems = [
            f"{name}_min {getattr(self, name + '_min')} is above {name}_max "
            f"{getattr(self, name + '_max')}"
            for name in ranges
            if getattr(self, name + "_min") > getattr(self, name + "_max")
        ]
        if self.batch_size % group:
            problems.append(
                f"batch_size {self.batch_size} is no multiple of 1 + negatives, {group}"
            )
        if not any(self.recipe_weights.values()):
            problems.append("the weights of all recipes are 0")
        if self.vector_px and self.vector_px < self.network.input_px:
            problems.append(
                f"vector_px {self.vector_px} is below network.input_px {self.network.input_px}"
            )
        pool5_side = self.network.pool5_side
        if self.motion.weight and self.motion.head == "local" and self.motion.side % pool5_side:
            problems.append(
                f"motion.side {self.motion.side} is no multiple of the {pool5_side} places of "
                "pool5, as a local head needs"
            )
        if self.negatives > 2 * (self.tau_negative_max - self.tau_negative_min + 1):
            problems.append(f"negatives {self.negatives} are more than the tau range holds")
        if self.initial_weights == "caffe" and not self.weights_file:
            problems.append("initial_weights caffe needs weights_file")
        if self.initial_weights not in ("imagenet", "caffe") and self.initial_files:
            problems.append("weights_file and prototxt_file need initial_weights imagenet or caffe")
        problems += self._problems_of_rounds()
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _problems_of_rounds(self) -> list[str]:
        problems = []
        for number, values in self.changes.items():
            fixed = {"changes", "rounds", "network", "seed", "held_out_share"} & values.keys()
            if not 1 <= number <= self.rounds:
                problems.append(f"changes of round {number}, there are {self.rounds} rounds")
            elif fixed:
                same = f"{min(fixed)} is the same in all rounds"
                problems.append(f"changes of round {number}: {same}")
            else:
                try:
                    self.of_round(number)
                except ValidationError as error:
                    problems += [_explained(number, problem) for problem in error.errors()]
        return problems


def _explained(number: int, problem: Any) -> str:
    key = ".".join(str(part) for part in problem["loc"])
    return f"changes of round {number}: {key}: {problem['msg'].removeprefix('Value error, ')}"
