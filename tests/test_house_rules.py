"""The rules of the house: who may import whom, how long things are, who may do what."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from api.settings import Settings

HOME = Path(__file__).resolve().parent.parent
BUILT = {".git", ".venv", "node_modules", "dist", "data", "__pycache__", ".hypothesis"}
CACHES = {".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache"}
LOCKS = {"uv.lock", "package-lock.json"}
MEASURED = {".py", ".ts", ".svelte", ".css"}
REGISTRIES = [
    ".".join(words)
    for words in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb", "debian", "org"),
    )
]
FORBIDDEN_CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}


@cache
def files() -> list[Path]:
    return sorted(walk(HOME))


def walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir() and path.name not in BUILT | CACHES | {"versions"}:
            yield from walk(path)
        elif path.is_file():
            yield path


def named(path: Path, line: int | None = None) -> str:
    where = path.relative_to(HOME).as_posix()
    return f"{where}:{line}" if line else where


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def python(*folders: str) -> list[Path]:
    inside = tuple(f"{folder}/" for folder in folders)
    return [path for path in files() if path.suffix == ".py" and named(path).startswith(inside)]


def ours() -> list[Path]:
    return [*python("api", "workers"), HOME / "nightdesk.py"]


def imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield from ((f"{module}.{alias.name}", node.lineno) for alias in node.names)


def calls(path: Path) -> Iterator[tuple[ast.Call, ast.Attribute]]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node, node.func


def within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def test_imports_only_point_downwards():
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    linted = subprocess.run(command, cwd=HOME, capture_output=True, text=True)
    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize("leaf", ["rules", "platforms", "channels"])
def test_a_leaf_imports_nothing_of_ours_but_the_words_for_incoming_items(leaf):
    assert [
        f"{named(path, line)} imports {name}"
        for path in python(f"workers/{leaf}")
        for name, line in imports(path)
        if within(name, ("api", "workers", "migrations", "tests", "nightdesk"))
        and not within(name, (f"workers.{leaf}", "api.items"))
    ] == []


def test_migrations_know_the_tables_and_the_settings_only():
    assert [
        f"{named(path, line)} imports {name}"
        for path in python("migrations")
        for name, line in imports(path)
        if within(name, ("api", "workers")) and not within(name, ("api.models", "api.settings"))
    ] == []


def test_no_file_is_longer_than_300_lines():
    assert [
        f"{named(path)} has {length} lines"
        for path in files()
        if path.suffix in MEASURED and not path.name.endswith(".d.ts")
        for length in [len(path.read_text().splitlines())]
        if length > 300
    ] == []


def function_lengths() -> dict[str, int]:
    return {
        f"{named(path, node.lineno)} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in [*ours(), *python("tests", "migrations")]
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_no_function_is_longer_than_60_lines_and_nine_in_ten_are_under_35():
    lengths = function_lengths()
    assert {name: length for name, length in lengths.items() if length > 60} == {}
    assert sum(length < 35 for length in lengths.values()) >= 0.9 * len(lengths)


def test_nothing_changes_its_colour_by_and_by():
    """Words on their way between two colours can be read by nobody, nor measured by a test."""
    sheets = [path for path in files() if path.suffix in {".css", ".svelte", ".html"}]
    assert sheets
    assert [named(path) for path in sheets if "transition:" in path.read_text()] == []


def test_every_module_opens_by_saying_what_it_is_responsible_for():
    assert [
        named(path)
        for path in [*ours(), *python("tests", "migrations")]
        if path.read_text().strip() and not ast.get_docstring(parsed(path))
    ] == []


def test_only_the_database_module_commits():
    assert [
        named(path, call.lineno)
        for path in ours()
        if named(path) != "api/database.py"
        for call, function in calls(path)
        if function.attr == "commit"
    ] == []


def sets_a_state(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        return any(isinstance(one, ast.Attribute) and one.attr == "state" for one in node.targets)
    if isinstance(node, ast.AnnAssign | ast.AugAssign):
        return isinstance(node.target, ast.Attribute) and node.target.attr == "state"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        named_state = any(word.arg == "state" for word in node.keywords)
        return node.func.attr == "values" and named_state
    return False


def test_only_the_lifecycle_sets_a_state():
    assert [
        named(path, getattr(node, "lineno", None))
        for path in ours()
        if not named(path).startswith("api/lifecycle/")
        for node in ast.walk(parsed(path))
        if sets_a_state(node)
    ] == []


def test_there_is_one_clock():
    assert [
        named(path, call.lineno)
        for path in ours()
        if named(path) != "api/clock.py"
        for call, function in calls(path)
        if (ast.unparse(function.value).rpartition(".")[2], function.attr) in FORBIDDEN_CLOCKS
    ] == []


def test_no_file_names_a_package_registry():
    assert [
        f"{named(path)} names {registry}"
        for path in files()
        if path.name not in LOCKS
        for registry in REGISTRIES
        if registry.encode() in path.read_bytes()
    ] == []


@pytest.mark.parametrize("document", ["docs/settings.md", ".env.example"])
def test_every_setting_is_written_down_and_nothing_else(document):
    words = set(re.findall(r"NIGHTDESK_[A-Z][A-Z_]*[A-Z]", (HOME / document).read_text()))
    written = {word.removesuffix("_FILE") for word in words}
    assert written == {f"NIGHTDESK_{name.upper()}" for name in Settings.model_fields}
