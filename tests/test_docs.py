"""What the docs name exists, and what exists is named: moves, duties, events, problems."""

import inspect
import re
from pathlib import Path

import pytest

import nightdesk
from api import errors, words_timeline
from api.lifecycle import (
    action,
    approval,
    connection,
    device,
    escalation,
    incident,
    intake,
    message,
    notification,
    result,
    statement,
)
from api.models import approvals as approvals_models
from workers.main import TIMETABLE

HOME = Path(__file__).parent.parent
FLOW = (HOME / "docs" / "flow.md").read_text()
PROBLEMS = (HOME / "docs" / "problems.md").read_text()
MACHINES = {
    "Incident": incident.MOVES,
    "Escalation": escalation.MOVES,
    "Notification": notification.MOVES,
    "Device": device.MOVES,
    "Intake": intake.MOVES,
    "Connection": connection.MOVES,
    "Action": action.MOVES,
    "Result": result.MOVES,
    "Approval": approval.MOVES,
    "Statement": statement.MOVES,
    "Message": message.MOVES,
}


def _code(*folders: str) -> str:
    files = [file for folder in folders for file in sorted((HOME / folder).rglob("*.py"))]
    return "\n".join(file.read_text() for file in files)


@pytest.mark.parametrize("machine", MACHINES)
def test_the_moves_in_the_docs_are_the_moves_in_the_code(machine):
    section = FLOW.split(f"### {machine}\n")[1].split("\n#")[0]
    rows = re.findall(r"^\| (\w+) \| (\w+) \| (\w+) \|$", section, re.MULTILINE)
    assert [row for row in rows if row != ("from", "verb", "to")] == list(MACHINES[machine])


@pytest.mark.parametrize("machine", MACHINES)
def test_every_state_is_reached_and_no_verb_is_ambiguous(machine):
    moves = MACHINES[machine]
    assert len({(came_from, verb) for came_from, verb, _ in moves}) == len(moves)
    first = moves[0][0]
    states = {state for came_from, _, to in moves for state in (came_from, to)}
    entered = {to for _, _, to in moves} | {first, "ringing", "queued", "triage", "live"}
    entered |= {"proposed", "planned", "requested", "draft"}
    assert states <= entered


def test_every_duty_is_in_the_docs():
    rows = re.findall(r"^\| (read|ring) \| `(\w+)` \|", FLOW, re.MULTILINE)
    timetable = [(process, duty.name) for process, duties in TIMETABLE.items() for duty in duties]
    assert rows == timetable


def test_every_event_is_in_the_docs():
    kinds = (
        r'"((?:account|incident|escalation|notification|source|device|review|coverage|client'
        r'|schedule|override|escalation_plan|watchdog|approval|statement|report)\.[a-z_]+)"'
    )
    jobs = "\n".join(job.read_text() for job in sorted((HOME / "workers").glob("*.py")))
    written = set(re.findall(kinds, _code("api/lifecycle") + jobs))
    written |= {f"incident.{word}" for word in incident.EVENTS.values()}
    written |= {f"action.{to}" for _, _, to in action.MOVES}
    written |= {f"approval.{to}" for _, _, to in approval.MOVES}
    named = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", FLOW.split("## Events")[1]))
    assert named == written


def test_every_problem_is_in_the_docs():
    refusals = inspect.getmembers(errors, inspect.isclass)
    codes = {
        one.code
        for _, one in refusals
        if issubclass(one, errors.Refusal) and one is not errors.Refusal
    }
    named = re.findall(r'id="([a-z-]+)"', PROBLEMS.split("## Problems of single items")[0])
    assert sorted(named) == sorted(codes)


def test_every_problem_of_an_item_is_in_the_docs():
    raised = r'(?:_Refused\(|Problem\([^"\n]*)"([a-z-]+)"'
    codes = set(re.findall(raised, _code("api/items", "workers/platforms")))
    named = set(re.findall(r"^\| `([a-z-]+)`", PROBLEMS.split("single items")[1], re.MULTILINE))
    assert codes <= named


def test_every_command_and_target_that_the_readme_names_exists():
    readme = (HOME / "README.md").read_text()
    targets = set(re.findall(r"^([a-z]+):", (HOME / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)`", readme)) <= targets
    callbacks = [command.callback for command in nightdesk.app.registered_commands]
    commands = {callback.__name__ for callback in callbacks if callback}
    assert set(re.findall(r"`nightdesk ([a-z]+)", readme)) <= commands


def test_every_folder_of_the_map_exists_and_every_folder_is_on_the_map():
    readme = (HOME / "README.md").read_text()
    on_the_map = set(re.findall(r"^([a-z]+)/ ", readme, re.MULTILINE))
    folders = {path.name for path in HOME.iterdir() if path.is_dir()}
    assert on_the_map <= folders
    assert {"api", "workers", "web", "migrations", "tests", "docs"} <= on_the_map


def test_every_kind_of_timeline_entry_has_its_sentence():
    called = (
        r"(?:timeline\.write\(\s*session,|statements\.write\(\s*session,"
        r"|write\(session, statement,|_write\(session, action,|_note\(session, result,"
        r"|_on_timeline\(session,)"
    )
    written = re.compile(called + r"[^()]*?\"([a-z_]+)\"")
    kinds = set(written.findall(_code("api/lifecycle", "api/acting", "api/routes", "api/evidence")))
    kinds |= {kind for pair in result._TOLD.values() for kind in pair}
    kinds |= {*approvals_models.CALL_OUTCOMES, "down", "not_down", "back", "not_back"}
    assert len(kinds) > 50
    assert kinds <= set(words_timeline.ENTRY)
    assert set(words_timeline.ENTRY_FOR_THE_OWNER) <= set(words_timeline.ENTRY)
