"""What Terraform would make, read from the output of `terraform test -json -verbose` of one run."""

import json
from pathlib import Path


def resources(output: Path, kind: str) -> list[dict]:
    """The values of all resources of this kind, those of modules included."""
    found = []
    for line in output.read_text().splitlines():
        event = json.loads(line)
        if event["type"] == "test_state":
            found += [it for it in _below(event["test_state"]["root_module"]) if it["type"] == kind]
    return found


def _below(module: dict):
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from _below(child)
