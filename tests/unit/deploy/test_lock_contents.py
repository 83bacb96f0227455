"""Every image gets what its code imports: a lock that forgets a library breaks only in the container, where no test looks."""

from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from sys import stdlib_module_names

import grimp
import pytest

LOCKS = Path(__file__).parents[3] / "deploy" / "requirements"
OURS = ("services", "shared", "deploy")
SERVICES = ("ingest", "classify", "report", "notify")
DEMO = "deploy.demo"  # runs from a checkout only


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*OURS, include_external_packages=True, cache_dir=None)


def imported(package: str) -> set[str]:
    """Libraries that the package or anything it reaches imports, at the top of a file or inside a function."""
    within = {m for m in graph().modules if m == package or m.startswith(f"{package}.")}
    within -= {m for m in within if m == DEMO or m.startswith(f"{DEMO}.")}
    reached = set(within)
    for module in within:
        reached |= graph().find_upstream_modules(module)
    return {module for module in reached if module.split(".")[0] not in {*OURS, *stdlib_module_names}}


def plain(name: str) -> str:
    """As PEP 503 writes it."""
    return name.lower().replace("_", "-").replace(".", "-")


@pytest.mark.parametrize(("lock", "package"), [*((s, f"services.{s}") for s in SERVICES), ("deploy", "deploy")])
def test_the_lock_holds_every_library_that_the_code_imports(lock: str, package: str) -> None:
    lines = (LOCKS / f"{lock}.txt").read_text("utf-8").splitlines()
    locked = {plain(line.split("==")[0].split("[")[0]) for line in lines if "==" in line}
    known = packages_distributions()
    found = imported(package)
    assert found, "the graph is empty"
    assert not {m for m in found if not {plain(d) for d in known.get(m.split(".")[0], ())} & locked}
