#!/usr/bin/env python3
"""Sets everything up, then serves the product or runs its tests. Needs nothing but Python 3.11.

    python3 run.py          the whole product with demo data and a stand-in for Meta
    python3 run.py test     every check and test
    python3 run.py setup    the set-up alone

Further words go to `majlis demo` or pytest.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / ".majlis"
INPUTS = ("pyproject.toml", "requirements-dev.lock", "package-lock.json", "hatch_build.py")
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main(words: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036
        return _refuse(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.", "apt-get install python3")
    task = words[0] if words and words[0] in ("test", "setup", "demo") else "demo"
    rest = words[1:] if words and words[0] == task else words
    os.chdir(ROOT)
    set_up()
    if task == "setup":
        return 0
    if task == "test":
        prepare_browser()
        return check(rest)
    if not any(word.startswith("--data") for word in rest) and "MAJLIS_DATA" not in os.environ:
        rest = ["--data", str(ROOT / ".data"), *rest]
    # In our place: Ctrl-C and the exit code belong to the product alone.
    return _become([str(PYTHON), "-m", "server", "demo", *rest])


def set_up() -> None:
    """The virtual environment with everything in it; nothing is done when nothing changed."""
    if not PYTHON.exists():
        with step("creating .venv"):
            create_environment()
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    STAMP.unlink(missing_ok=True)
    with step("installing packages"):
        install()
    STAMP.write_text(wanted)


def create_environment() -> None:
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if made.returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not install_debian("python3-venv") and not install_debian(package):
        sys.exit(f"This Python cannot make virtual environments. Run: apt-get install {package}")
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)


def install() -> None:
    """The locked versions by uv, which takes seconds; by pip where uv cannot."""
    uv = BIN / ("uv.exe" if os.name == "nt" else "uv")
    pip = [str(PYTHON), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    locked = ["--requirement", "requirements-dev.lock"]
    ours = ["--no-deps", "--editable", "."]
    if not uv.exists():
        subprocess.run([*pip, "install", "uv"])
    if uv.exists():
        tool = [str(uv), "pip", "install", "--quiet", "--python", str(PYTHON)]
        # Where it cannot, as behind a proxy with certificates of its own, pip tries, and says what is wrong if it is.
        if _works([*tool, "--require-hashes", *locked], quiet=True) and _works([*tool, *ours], quiet=True):
            return
    if not (_works([*pip, "install", "--require-hashes", *locked]) and _works([*pip, "install", *ours])):
        sys.exit("The packages could not be installed: the lines above say why.")


def prepare_browser() -> None:
    """A Chromium for the tests: the machine's, Debian's, else Playwright's own."""
    if not any(map(shutil.which, BROWSERS)):
        with step("installing Chromium"):
            found = (
                install_debian("chromium-headless-shell")
                or install_debian("chromium")
                or _works([str(PYTHON), "-m", "playwright", "install", "chromium"])
            )
        if not found:
            sys.exit("The browser tests need Chromium. Run: apt-get install chromium libatomic1")
    # Playwright's own Node needs a library that a bare Debian has not.
    if not _works([str(PYTHON), "-m", "playwright", "--version"], quiet=True) and not install_debian("libatomic1"):
        sys.exit("Playwright does not start. Run: apt-get install libatomic1")


def check(rest: list[str]) -> int:
    """Style, types and import rule first, because they are quick; with arguments only those tests."""
    if not rest:
        checks = (("ruff", "check"), ("ruff", "format", "--check"), ("mypy",), ("lint-imports",))
        for name, *words in checks:
            with step(f"checking by {name} {' '.join(words)}".rstrip()):
                done = subprocess.run([str(BIN / name), *words], capture_output=True, text=True)
            if done.returncode:
                print(done.stdout + done.stderr)
                return done.returncode
        # A file to one process, three on two cores: most tests wait for a database or a browser. In the order of the
        # folders, where the long files come before the many short ones.
        rest = ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder",
                "--cov", "--cov-report=term:skip-covered", "--cov-fail-under=92"]  # fmt: skip
    print("testing", flush=True)
    return _become([str(PYTHON), "-m", "pytest", "-q", *rest])


def install_debian(*packages: str) -> bool:
    """Whether apt could; only root on Debian and its kin can."""
    if os.name == "nt" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    for command in (["apt-get", "update", "-qq"], install):
        done = subprocess.run(command, env=quiet, capture_output=True, text=True)
    if done.returncode:
        print(f"\n{done.stderr.strip()}")
    return done.returncode == 0


def fingerprint() -> str:
    # Not the full version: an environment survives its Python's repairs.
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for name in INPUTS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


@contextmanager
def step(words: str) -> Iterator[None]:
    """Says what is being done, and how long it took."""
    print(f"{words}…", end="", flush=True)
    began = time.monotonic()
    yield
    print(f" ({time.monotonic() - began:.1f}s)", flush=True)


def _works(command: list[str], *, quiet: bool = False) -> bool:
    silent = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run(command, stdout=silent, stderr=silent).returncode == 0
    except OSError:
        return False


def _become(command: list[str]) -> int:
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.run(command).returncode


def _refuse(words: str, remedy: str) -> int:
    print(f"{words} Run: {remedy}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
