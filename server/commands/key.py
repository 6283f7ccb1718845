"""`majlis key`."""

import argparse

from server.settings import Settings
from server.store.vault import generate_key


def arguments(parser: argparse.ArgumentParser) -> None:
    """Takes none."""


def run(options: argparse.Namespace, settings: Settings) -> int:
    print(generate_key())
    return 0
