"""What a simulation is asked for: which invented world (the seed), which place, which hours."""

from dataclasses import dataclass

import numpy as np

from weather_assets.sources.simulation.noise import FloatArray, smooth, stream
from weather_assets.sources.simulation.site import Site
from weather_assets.sources.simulation.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that the weather of the simulator depends on."""

    seed: int
    site: Site
    timeline: Timeline

    def key(self, *names: object) -> int:
        """Key of a noise that this place has for itself."""
        return stream(self.seed, self.site.station_id, *names)

    def local(self, name: str, spacing_h: float) -> FloatArray:
        """Noise of this place alone, of spread 1 and smooth over `spacing_h`."""
        return smooth(self.key(name), self.timeline.hours.astype(np.float64), spacing_h)

    @property
    def pattern_time_h(self) -> FloatArray:
        """Hours since 1970 in the frame of the weather that moves east: earlier, the further east the place."""
        return self.timeline.hours.astype(np.float64) - self.site.travel_h
