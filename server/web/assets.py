"""Static files: one address prefix per content, so browsers may keep them for ever; the import map; what to preload."""

import hashlib
import posixpath
import re
from functools import cache
from pathlib import Path

import msgspec
from litestar import Router
from litestar.datastructures import CacheControlHeader
from litestar.static_files import create_static_files_router

from server import paths

_IMPORT = re.compile(r"""^(?:import|export)\b[^;"']*["']([^"']+)["']""", re.MULTILINE)


class Assets:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.prefix = f"/static/{_fingerprint(folder)}"
        self.imports = {name: self.url(path) for name, path in self._modules().items()}

    def url(self, path: str) -> str:
        return f"{self.prefix}/{path}"

    def import_map(self) -> str:
        """The JSON of the page's import map."""
        return msgspec.json.encode({"imports": self.imports}).decode()

    def needed_by(self, entry: str) -> list[str]:
        """Every module `entry` ('js/desk.js') reaches, so that the browser fetches them side by side."""
        modules = self._modules()
        found: dict[str, None] = {}
        todo = [entry]
        while todo:
            path = todo.pop()
            if not path or path in found or not (self.folder / path).is_file():
                continue
            found[path] = None
            for name in _IMPORT.findall((self.folder / path).read_text(encoding="utf-8")):
                todo.append(modules.get(name) or _beside(path, name))
        return [self.url(path) for path in found]

    def _modules(self) -> dict[str, str]:
        vendor = self.folder / "vendor" / "importmap.json"
        names: dict[str, str] = msgspec.json.decode(vendor.read_bytes())["imports"] if vendor.is_file() else {}
        for kind in ("lib", "views"):
            for path in sorted((self.folder / "js" / kind).glob("*.js")):
                names[f"{kind}/{path.stem}"] = f"js/{kind}/{path.name}"
        return names


@cache
def assets() -> Assets:
    return Assets(paths.STATIC)


def static_router() -> Router:
    return create_static_files_router(
        path=assets().prefix,
        directories=[paths.STATIC],
        cache_control=CacheControlHeader(public=True, max_age=31_536_000, immutable=True),
        opt={"exclude_from_auth": True},
        include_in_schema=False,
    )


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _beside(path: str, name: str) -> str:
    """A relative import as a path under the static folder; any other name is nothing of ours."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) if name.startswith(".") else ""
