"""Picks what is killed or frozen, and when: from a seed, so that a storm can be had again."""

import random
import time
from dataclasses import dataclass, field

from tests.storm.system import System

COMPONENTS = {"postgres": 14, "valkey": 13, "worker": 13, "web": 8, "relay": 12, "beat": 8}
ACTIONS = {"kill": 5, "kill_child": 3, "freeze": 2}


@dataclass
class Nemesis:
    """One blow every half to three seconds."""

    system: System
    luck: random.Random
    blows: list[str] = field(default_factory=list)
    _next: float = 0.0
    _thaw_at: dict[str, float] = field(default_factory=dict)

    def act(self) -> None:
        """Strike if it is time, and let go of what was frozen long enough."""
        now = time.monotonic()
        for name in [name for name, at in self._thaw_at.items() if at <= now]:
            self._let_go(name)
        if now < self._next or len(self._thaw_at) == len(COMPONENTS):
            return
        self._next = now + self.luck.uniform(0.5, 3)
        standing = {
            name: weight
            for name, weight in COMPONENTS.items()
            if name not in self._thaw_at and self.system.parts[name].alive()
        }
        name = self.luck.choices(list(standing), list(standing.values()))[0]
        action = self.luck.choices(list(ACTIONS), list(ACTIONS.values()))[0]
        seconds, pick = self.luck.uniform(1, 5), self.luck.random()
        part = self.system.parts[name]
        if action == "freeze":
            part.freeze()
            self.system.frozen.add(name)
            self._thaw_at[name] = now + seconds
        elif action == "kill" or not part.kill_child(lambda pids: pids[int(pick * len(pids))]):
            part.kill()
            action = "kill"
        self.blows.append(f"{name}:{action}")

    def end(self) -> None:
        """Let go of everything."""
        for name in list(self._thaw_at):
            self._let_go(name)

    def _let_go(self, name: str) -> None:
        del self._thaw_at[name]
        self.system.frozen.discard(name)
        self.system.parts[name].thaw()
