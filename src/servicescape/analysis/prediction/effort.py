"""How much effort questions took, how much they may take, and the diagrams that are built within that."""

import math
from collections.abc import Callable, Sequence

from servicescape.analysis.prediction.compiled import Compiled, compile_functions
from servicescape.analysis.prediction.diagrams import FALSE
from servicescape.analysis.prediction.functions import NEVER, Function, Gate
from servicescape.analysis.prediction.outcomes import Part


class Effort:
    """A limit of effort, and what was spent of it."""

    def __init__(self, most: float = math.inf) -> None:
        self.spent = 0
        """Nodes made so far, and rewritten gates, which take as long as many: a measure of the time spent."""
        self._most = most
        self.cut_short = False
        """Whether something was not tried, or not to its end, because the effort allowed was spent."""

    @property
    def left(self) -> float:
        """What may still be spent; 0 or less where nothing may."""
        return self._most - self.spent

    def part(self, gates: Sequence[Gate], function: Function, most_nodes: int, without: int = 0) -> Part | None:
        """The diagram of one function, but for some events."""
        if not function.gates and not function.events & ~without:
            function = NEVER
        root = FALSE

        def build(compiled: Compiled) -> None:
            nonlocal root
            root = compiled.root(function)

        compiled = self.compiled(gates, [function], build, most_nodes, without)
        return None if compiled is None else Part(compiled, root)

    def compiled(
        self,
        gates: Sequence[Gate],
        functions: Sequence[Function],
        build: Callable[[Compiled], None],
        most_nodes: int,
        without: int = 0,
    ) -> Compiled | None:
        """Diagrams within a budget and within the effort that is left; None where they would outgrow it."""
        room = int(min(most_nodes, self.left))
        compiled = None
        if room > 0:
            compiled = compile_functions(gates, functions, build, most_nodes=room, without=without)
        if compiled is None:
            self.cut_short |= room < most_nodes
            self.spent += max(0, room)
        else:
            self.spent += len(compiled.diagrams)
        return compiled
