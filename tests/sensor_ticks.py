"""Ticks of any sensor of the small world, with a cursor each, as the daemon keeps them."""

from dataclasses import dataclass, field

import dagster as dg
from small_world import World


@dataclass
class Sensors:
    """Sensors by name; a tick gives its requests, or its words where it requests nothing."""

    world: World
    cursors: dict[str, str | None] = field(default_factory=dict)

    def tick(self, name: str) -> list[dg.RunRequest] | str:
        with dg.build_sensor_context(
            instance=self.world.instance,
            cursor=self.cursors.get(name),
            resources=self.world.resources,
            repository_def=self.world.repository,
        ) as context:
            answer = self.world.repository.get_sensor_def(name).evaluate_tick(context)
        self.cursors[name] = answer.cursor
        return list(answer.run_requests or []) or str(answer.skip_message)
