"""The bench runs, and no figure stands alone. Nothing here asserts a speed."""

import json
import subprocess
import sys


def test_every_figure_is_a_line_beside_its_limit():
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--tiny"], capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    figures = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(figures) >= 12
    for figure in figures:
        assert set(figure) == {"name", "value", "unit", "versus"}
        assert set(figure["versus"]) == {"name", "value", "unit"}
        assert figure["unit"] == figure["versus"]["unit"]
        assert figure["value"] > 0
        assert figure["versus"]["value"] > 0
    assert len({figure["name"] for figure in figures}) == len(figures)
