"""What all settings models share."""

import json

from pydantic import BaseModel, ConfigDict


class StageSettings(BaseModel):
    """Base of every stage's settings: unknown keys are refused, values cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def canonical(self) -> str:
        """Return the one string that stands for these settings: sorted, compact JSON.

        Snakemake compares rule parameters as text, so equal settings must give equal strings.
        """
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
