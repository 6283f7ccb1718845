"""Files on Meta's side: what customers sent, what the business uploaded, and the addresses that live a few minutes."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from typing import Literal, get_args

import msgspec

from server.simulator.files import samples
from server.simulator.identifiers import new_digits

DAY = 24 * 3600.0
INBOUND_SECONDS = 7 * DAY
UPLOADED_SECONDS = 30 * DAY
REUSABLE_SECONDS = 90 * DAY
KEPT_BYTES = 256 * 1024 * 1024

# How fetching a file goes wrong: see `files.serving`.
Fault = Literal[
    "missing", "expired", "digest", "oversize", "lying_size", "type", "slow", "drop", "redirect", "private",
    "server_error", "unauthorised",
]  # fmt: skip
FAULTS: tuple[str, ...] = get_args(Fault)


class File(msgspec.Struct, kw_only=True, eq=False):
    id: str
    data: bytes
    mime_type: str
    name: str = ""
    # Whose token fetches it; '' for a file that no business has yet.
    inbox: str = ""
    ends_at: float
    fault: Fault | None = None
    # Among the package's own: still there after a restart.
    sample: str = ""
    # Uploaded by a business, to be sent.
    outbound: bool = False

    @property
    def digest(self) -> bytes:
        real = hashlib.sha256(self.data).digest()
        return hashlib.sha256(b"another file").digest() if self.fault == "digest" else real

    @property
    def sha256(self) -> str:
        """As the media node tells it; webhooks say it in base64."""
        return self.digest.hex()

    @property
    def sha256_base64(self) -> str:
        return base64.b64encode(self.digest).decode()

    @property
    def size(self) -> int:
        """What the media node claims."""
        return 200_000_000 if self.fault == "oversize" else len(self.data)


class Files:
    def __init__(self, now: Callable[[], float] = time.time) -> None:
        # The origin addresses start with; known once the port is.
        self.base = "http://127.0.0.1"
        self._now = now
        self._files: dict[str, File] = {}
        self._bytes = 0
        self._secret = secrets.token_bytes(32)

    def keep(
        self, data: bytes, mime_type: str, *, name: str = "", inbox: str = "", lives: float = INBOUND_SECONDS,
        fault: Fault | None = None, sample: str = "", outbound: bool = False,
    ) -> File:  # fmt: skip
        file = File(
            id=new_digits(16), data=data, mime_type=mime_type, name=name, inbox=inbox, ends_at=self._now() + lives,
            fault=fault, sample=sample, outbound=outbound,
        )  # fmt: skip
        self._files[file.id] = file
        self._bytes += 0 if sample else len(data)
        while self._bytes > KEPT_BYTES and len(self._files) > 1:
            self.remove(next(iter(self._files)))
        return file

    def sample(self, name: str, *, inbox: str = "", fault: Fault | None = None) -> File:
        """Raises `KeyError`."""
        return self.keep(samples.data(name), samples.TYPES[name], name=name, inbox=inbox, fault=fault, sample=name)

    def again(self, file: File, *, inbox: str, fault: Fault | None) -> File:
        """The same bytes under a new id, as when somebody sends a file twice."""
        return self.keep(
            file.data, file.mime_type, name=file.name, inbox=inbox, fault=fault, sample=file.sample
        )  # fmt: skip

    def get(self, file_id: str) -> File | None:
        """None for an id that never was, or whose days are over."""
        file = self._files.get(file_id)
        return file if file is not None and file.ends_at > self._now() and file.fault != "missing" else None

    def shown(self, file_id: str) -> File | None:
        """For the phone's own screen, which no fault harms."""
        return self._files.get(file_id)

    def remove(self, file_id: str) -> bool:
        file = self._files.pop(file_id, None)
        if file is not None and not file.sample:
            self._bytes -= len(file.data)
        return file is not None

    def business_address(self, file: File, seconds: float) -> str:
        """Where WhatsApp serves it, to the business's own token only."""
        ends, seal = self._sealed(file, seconds)
        return f"{self.base}/whatsapp_business/attachments/?mid={file.id}&source=getMedia&ext={ends}&hash={seal}"

    def public_address(self, file: File, seconds: float) -> str:
        """Where Messenger and Instagram serve it, to whoever has the address."""
        ends, seal = self._sealed(file, seconds)
        return f"{self.base}/cdn/{file.id}/{file.name or 'file'}?oe={ends:x}&oh={seal}"

    def opened(self, file_id: str, ends: str, seal: str) -> File | None:
        """The file an address leads to, while the address lives."""
        file = self._files.get(file_id)
        if file is None or not hmac.compare_digest(seal.encode(), self._seal(file.id, ends).encode()):
            return None
        return file if float(int(ends, 10)) > self._now() and file.fault != "expired" else None

    def _sealed(self, file: File, seconds: float) -> tuple[int, str]:
        ends = int(self._now() + seconds)
        return ends, self._seal(file.id, str(ends))

    def _seal(self, file_id: str, ends: str) -> str:
        return hmac.new(self._secret, f"{file_id}|{ends}".encode(), hashlib.sha256).hexdigest()[:32]
