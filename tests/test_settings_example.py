"""The example of settings works as it stands: read by a shell, as `make run` reads it."""

import re
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).parent.parent
# What names a file of the operator’s is not there, and what is empty waits for them.
_NOT_HERE = "_FILE="


def test_every_line_of_the_example_is_understood(tmp_path):
    text = (HOME / ".env.example").read_text()
    lines = re.findall(r"^# (NIGHTDESK_\w+=.+)$", text, re.MULTILINE)
    (tmp_path / ".env").write_text("\n".join(one for one in lines if _NOT_HERE not in one))
    asks = f"from api.settings import settings; print(len({lines!r}), settings.mail_from)"
    told = subprocess.run(
        ["sh", "-euc", f'set -a; . "{tmp_path}/.env"; exec "$0" -c "$1"', sys.executable, asks],
        cwd=HOME, env={}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.stderr == ""
    assert told.stdout.split(maxsplit=1)[1] == "Nightdesk <desk@agency.example>\n"
