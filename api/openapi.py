"""Prints the OpenAPI document; `make openapi` keeps the committed copy true."""

import json

from api.app import app


def document() -> str:
    """The document as it is committed: stable order, readable, a newline at the end."""
    return json.dumps(app.openapi(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(document(), end="")  # noqa: T201  printing is what it is for
