"""One part in a process of its own: `python -m prove.part MODULE SECONDS FILE`.

So parts cannot disturb each other's settings and connections, and one that hangs can be ended. It appends one JSON object
a line to the file: {"progress": text} any number of times, then {"score": …, "ran": bool}. What the part itself prints
goes to its log.
"""

import importlib
import importlib.util
import json
import signal
import sys
import traceback
from pathlib import Path

from prove.score import Score


def main(module: str, seconds: float, file: Path) -> None:
    """Run the part and tell; a part that is missing or breaks off is told as a failure."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what the part started is torn down
    name = module.rpartition(".")[2]
    with file.open("a", encoding="utf-8", buffering=1) as out:

        def tell(**message: object) -> None:
            out.write(json.dumps(message) + "\n")

        if importlib.util.find_spec(module) is None:
            score, ran = Score(name, failures=[f"There is no {module} yet: nothing was tried."]), False
        else:
            try:
                score = importlib.import_module(module).run(lambda line: tell(progress=line), seconds)
                ran = True
            except Exception as problem:  # noqa: BLE001 - whatever it was, the parts after it still run
                traceback.print_exc()
                broke = f"It broke off: {type(problem).__name__}: {str(problem)[:500]}"
                score, ran = Score(name, failures=[broke]), False
        tell(score=score.as_json(), ran=ran)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]))
