"""`majlis key`."""

import argparse

from server.store.vault import generate_key


def arguments(parser: argparse.ArgumentParser) -> None:
    """Takes none."""


def run(options: argparse.Namespace) -> int:
    print(generate_key())
    return 0
