"""The files that set a machine up: locks, hooks and the two commands. The whole of it runs in CI itself."""

import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)


@pytest.fixture
def run() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "package-lock.json", ".npmrc"])
def test_locks_name_no_registry(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    hosts = set(re.findall(r"https?://([^/\"\s]+)", text))
    # Where npm packages ask for donations.
    assert hosts <= {"opencollective.com"}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_its_hashes(name: str) -> None:
    pins = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").strip())
    assert all("--hash=sha256:" in pin for pin in pins)


def test_the_locks_agree_and_hold_every_dependency() -> None:
    locked = dict(PIN.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")))
    for_development = dict(PIN.findall((ROOT / "requirements-dev.lock").read_text(encoding="utf-8")))
    assert locked.items() <= for_development.items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.split(r"[^a-z0-9-]", each)[0] for each in project["dependencies"]]
    assert set(names) <= locked.keys()
    assert {
        re.split(r"[^a-z0-9-]", each)[0] for each in project["optional-dependencies"]["dev"]
    } <= for_development.keys()


def test_every_npm_package_has_its_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)


def test_the_browser_libraries_are_laid_out_with_map_and_licences() -> None:
    vendor = ROOT / "static" / "vendor"
    imports = json.loads((vendor / "importmap.json").read_text(encoding="utf-8"))["imports"]
    assert imports.keys() == {
        "preact", "preact/hooks", "htm", "htm/preact", "@preact/signals", "@preact/signals-core", "socket.io-client",
    }  # fmt: skip
    for path in imports.values():
        code = (ROOT / "static" / path).read_text(encoding="utf-8")
        assert "sourceMappingURL" not in code
        # Whatever they import of each other must be in the map.
        assert set(re.findall(r'from\s*"([^"]+)"', code)) <= imports.keys()
    assert "MIT" in (vendor / "LICENSES.txt").read_text(encoding="utf-8")


def test_a_changed_lock_sets_up_anew(run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in run.INPUTS:
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.setattr(run, "ROOT", tmp_path)
    before = run.fingerprint()
    assert run.fingerprint() == before
    (tmp_path / "requirements-dev.lock").write_text("aiohttp==9\n")
    assert run.fingerprint() != before


def test_an_old_python_is_told_which_is_needed(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run.sys, "version_info", (3, 9, 2))
    assert run.main([]) == 1
    assert "Python 3.11 or newer is needed" in capsys.readouterr().err


def test_what_cannot_be_installed_is_named_with_the_command(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    monkeypatch.setattr(run, "_works", lambda *command, **options: False)
    with pytest.raises(SystemExit, match="Run: apt-get install chromium libatomic1"):
        run.prepare_browser()


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ([], ["-m", "server", "demo", "--data"]),
        (["--rate", "6"], ["-m", "server", "demo", "--data"]),
        (["test", "tests/domain"], ["-m", "pytest", "-q", "tests/domain"]),
    ],
)
def test_words_lead_to_the_demo_or_the_tests(
    run: ModuleType, words: list[str], command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    became: list[list[str]] = []
    monkeypatch.delenv("MAJLIS_DATA", raising=False)
    monkeypatch.setattr(run, "set_up", lambda: None)
    monkeypatch.setattr(run, "prepare_browser", lambda: None)
    monkeypatch.setattr(run, "_become", became.append)
    run.main(words)
    assert became[0][1 : 1 + len(command)] == command
    assert [word for word in words if word != "test"] == became[0][len(became[0]) - len(words) + words.count("test") :]


def test_make_and_ci_call_the_one_script() -> None:
    for target, words in (("demo", "python3 run.py"), ("test", "python3 run.py test")):
        said = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        assert said.strip() == words
    assert "python3 run.py test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_script_needs_only_the_standard_library() -> None:
    imported = re.findall(r"^(?:import|from) (\w+)", (ROOT / "run.py").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(imported) <= sys.stdlib_module_names
