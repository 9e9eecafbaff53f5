"""All recipes there are, by the names under which settings weigh them."""

from collections.abc import Callable, Mapping

from stpose.recipes.contrast import contrast
from stpose.recipes.footage import Footage
from stpose.recipes.gradients import gradients
from stpose.recipes.motion import motion
from stpose.recipes.offset import offset
from stpose.recipes.ordering import ordering
from stpose.recipes.placement import placement
from stpose.recipes.recipe import Recipe
from stpose.recipes.views import views
from stpose.settings.experiment import ExperimentSettings

RECIPES: Mapping[str, Callable[[Footage, ExperimentSettings], Recipe]] = {
    "ordering": ordering,
    "placement": placement,
    "motion": motion,
    "offset": offset,
    "contrast": contrast,
    "views": views,
    "gradients": gradients,
}


def recipes_in_use(footage: Footage, settings: ExperimentSettings) -> tuple[Recipe, ...]:
    """Return the recipes that an experiment gives a weight, in the order of `RECIPES`.

    Raises:
        InputError: A recipe has fewer samples than one batch needs.
        ArtefactError: An input of a recipe is missing or damaged.
    """
    weights = settings.recipe_weights
    return tuple(build(footage, settings) for name, build in RECIPES.items() if weights[name])
