"""`python -m benchmarks` lists them; `python -m benchmarks NAME [--seconds S] [--json]` runs one."""

import argparse
import importlib
import signal
import sys

import msgspec

BENCHMARKS = {
    "intake": ("Durable intake, the acknowledgement path, and 3,300 webhooks/s (G1-G3).", 60.0),
    "delivery": ("Sends a second with the pace set to no limit, beside the bare HTTP client.", 10.0),
    "latency": ("From a webhook to the advisor's screen (G4).", 10.0),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("name", nargs="?", choices=sorted(BENCHMARKS))
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--rounds", type=int, default=3, help="each side in turn, so often; medians count")
    parser.add_argument("--json", action="store_true", help="print one JSON object, last")
    chosen = parser.parse_args()
    if chosen.name is None:
        for name, (words, _) in sorted(BENCHMARKS.items()):
            print(f"{name:10} {words}")
        return
    # As Ctrl-C: what was started is ended on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    seconds = chosen.seconds or BENCHMARKS[chosen.name][1]
    found = importlib.import_module(f"benchmarks.{chosen.name}").run(seconds, chosen.rounds)
    text = msgspec.json.encode(found)
    print((text if chosen.json else msgspec.json.format(text, indent=2)).decode())


if __name__ == "__main__":
    main()
