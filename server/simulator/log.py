"""One JSON object per line: what Meta's side did, for a checker that looks from outside.

`event` is one of customer_wrote, send_accepted, send_refused, read_marked, item_queued, item_acknowledged,
item_dropped, post_sent, post_answered. Items are named by `key`, the identity a receiver must treat as once.
"""

import json
import time
from pathlib import Path
from typing import Any


class Log:
    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8", buffering=1) if path is not None else None

    def write(self, event: str, **facts: Any) -> None:
        if self._file is not None:
            self._file.write(json.dumps({"event": event, "at": time.time(), **facts}, ensure_ascii=False) + "\n")

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
