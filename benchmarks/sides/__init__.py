"""The servers compared: run one with `python -m benchmarks.sides.NAME` (BENCHMARK_DSN, BENCHMARK_PORT)."""
