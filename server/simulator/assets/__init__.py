"""What the simulator shows and says: pages, texts, people, scripts."""

from pathlib import Path

ASSETS = Path(__file__).parent
