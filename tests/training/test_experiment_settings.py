"""Settings that must fit together."""

import pytest
from pydantic import ValidationError

from stpose.settings.experiment import ExperimentSettings


def test_defaults_are_the_paper():
    settings = ExperimentSettings()
    assert (settings.batch_size, settings.anchors, settings.negatives) == (48, 12, 3)
    assert (settings.tau_positive, settings.tau_negative_min, settings.tau_negative_max) == (
        4,
        8,
        16,
    )
    assert (settings.iterations, settings.curriculum_update) == (40_000, 2_500)
    assert (settings.learning_rate, settings.convolution_learning_rate) == (1e-4, 1e-5)
    assert (settings.placement_weight, settings.rounds) == (0.1, 2)


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"batch_size": 50}, "batch_size 50 is no multiple of 1 \\+ negatives, 4"),
        ({"tau_negative_min": 20}, "tau_negative_min 20 is above tau_negative_max 16"),
        ({"sigma_positive_min": 0.99}, "sigma_positive_min 0.99 is above"),
        ({"ordering_weight": 0, "placement_weight": 0}, "weights of all recipes are 0"),
        ({"negatives": 5, "batch_size": 48, "tau_negative_max": 8}, "more than the tau range"),
        ({"initial_weights": "caffe"}, "caffe needs weights_file"),
        ({"weights_file": "a.pth"}, "need initial_weights imagenet or caffe"),
        ({"learning_rat": 1}, "Extra inputs"),
        ({"changes": {3: {"mirror": 0}}}, "changes of round 3, there are 2 rounds"),
        ({"changes": {2: {"mirrored": 0}}}, "changes of round 2: mirrored: Extra inputs"),
        ({"changes": {2: {"motion": {"side": 1}}}}, "round 2: motion.side: Input should be"),
        ({"changes": {1: {"batch_size": 50}}}, "changes of round 1: .*batch_size 50 is no"),
        ({"changes": {2: {"network": {"width": 0.5}}}}, "network is the same in all rounds"),
    ],
)
def test_what_does_not_fit_is_refused(chosen, message):
    with pytest.raises(ValidationError, match=message):
        ExperimentSettings(**chosen)


def test_numbers_may_be_text():
    assert ExperimentSettings(batch_size="24", learning_rate="1e-3").anchors == 6


def test_a_round_has_its_changes_and_nothing_of_the_others():
    changes = {2: {"placement_weight": 0.5, "motion": {"weight": 1}}}
    settings = ExperimentSettings(motion={"side": 20}, changes=changes, rounds=3)
    assert settings.of_round(1) == settings.of_round(3) == ExperimentSettings(motion={"side": 20})
    second = settings.of_round(2)
    assert (second.placement_weight, second.motion.weight, second.motion.side) == (0.5, 1, 20)
    other = settings.model_copy(update={"changes": {}})
    assert other.of_round(1) == settings.of_round(1)
