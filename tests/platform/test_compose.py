"""compose.yaml against the product it starts. It is only read here: there is no Docker beside the tests."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from server.__main__ import COMMANDS
from server.settings import VARIABLES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
OURS = {name: each for name, each in COMPOSE["services"].items() if each["image"] == "majlis"}
STEPS = re.findall(r"^#   (.+)$", TEXT, re.MULTILINE)
WRITTEN = re.compile(r"> (secrets/\w+)$")


def test_every_variable_it_sets_is_one_the_product_knows() -> None:
    known = {each.name for each in VARIABLES} | {f"{each.name}_FILE" for each in VARIABLES if each.secret}
    assert OURS.keys() == {"migrate", "serve", "work"}
    for name, service in OURS.items():
        assert service["environment"].keys() <= known, name


def test_every_secret_file_is_mounted_and_every_mounted_one_is_used() -> None:
    for service in OURS.values():
        paths = [value for name, value in service["environment"].items() if name.endswith("_FILE")]
        assert {f"/run/secrets/{name}" for name in service["secrets"]} == set(paths)
        assert set(service["secrets"]) <= COMPOSE["secrets"].keys()


def test_the_plain_values_are_ones_the_product_takes() -> None:
    for service in OURS.values():
        for variable in VARIABLES:
            value = str(service["environment"].get(variable.name, "$"))
            if "$" not in value and variable.name != "MAJLIS_ORG":
                variable.parse(value)


def test_its_commands_exist() -> None:
    assert all(service["command"][0] == "majlis" for service in OURS.values())
    assert {service["command"][1] for service in OURS.values()} <= COMMANDS.keys()


def test_whatever_listens_is_asked_for_its_health_by_the_image() -> None:
    asked = re.search(r"HEALTHCHECK .*?healthz", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.DOTALL)
    assert asked is not None
    for name in ("serve", "work"):
        assert "healthcheck" not in OURS[name]
        assert OURS[name]["environment"]["PORT"] == 8000


def test_the_steps_at_its_head_write_every_secret_before_they_start() -> None:
    assert STEPS[0] == "docker build --tag majlis ."
    assert STEPS[-1] == "docker compose up --detach"
    written = [found[1] for step in STEPS if (found := WRITTEN.search(step))]
    assert sorted(written) == sorted(each["file"] for each in COMPOSE["secrets"].values())
    assert STEPS.index("chmod 644 secrets/*") > max(n for n, step in enumerate(STEPS) if WRITTEN.search(step))
    # Compose stops at a variable that it misses, whatever it is asked for: .env comes before its first command.
    needed = set(re.findall(r"\$\{(\w+)", "\n".join(line for line in TEXT.splitlines() if not line.startswith("#"))))
    given = {found[1] for step in STEPS if (found := re.match(r"echo '(\w+)=.*' >>? \.env$", step))}
    assert given == needed
    assert [step for step in STEPS if "compose" in step] == STEPS[-1:]


@pytest.mark.parametrize("step", [step for step in STEPS if step.startswith("docker run")])
def test_a_step_that_runs_the_image_needs_nothing_that_is_not_there_yet(step: str) -> None:
    words = shlex.split(step.partition(">")[0])
    assert words[:4] == ["docker", "run", "--rm", "majlis"]
    # The only command that reads no settings, see test_commands.py; or Python itself.
    assert words[4:6] == ["majlis", "key"] or words[4:6] == ["python", "-c"]
    if words[4] == "python":
        compile(words[6], "step", "exec")
