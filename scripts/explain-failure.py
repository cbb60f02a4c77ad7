#!/usr/bin/env python3
"""Says what a failure of Terraform's is, if it is a known one, and which commands help. Needs nothing but Python.

  explain-failure.py ERRORS [PLAN]    ERRORS is a file of what Terraform printed, `-` is standard input;
                                      PLAN is what `terraform show -json` says of the plan

scripts/deploy.sh does this by itself. After a plain `terraform apply`: terraform apply 2>&1 | tee errors, and then
explain-failure.py errors. Where a plan is given, the commands name what it names; else PROJECT and DATABASE stand for it.
Ends with 1 if there is nothing that it knows.
"""

import dataclasses
import json
import pathlib
import re
import shlex
import sys

sys.dont_write_bytecode = True
from known_failures import FAILURES  # noqa: E402

TERRAFORM = "terraform -chdir=terraform"


@dataclasses.dataclass
class Complaint:
    """One error of Terraform's: its words in one line, the resource, and what the plan knows of it."""

    text: str
    address: str
    planned: dict

    def value(self, key: str, otherwise: str) -> str:
        return str(self.planned.get(key) or otherwise)

    @property
    def project(self) -> str:
        return self.value("project", "PROJECT")

    @property
    def untaint(self) -> str:
        return f"{TERRAFORM} untaint {shlex.quote(self.address)}"

    @property
    def import_database(self) -> str:
        name = f"projects/{self.project}/databases/{self.value('name', 'DATABASE')}"
        return f"{TERRAFORM} import {shlex.quote(self.address)} {name}"


def complaints(printed: str, plan: dict) -> list[Complaint]:
    printed = re.sub(r"\x1b\[[0-9;]*m", "", printed)
    lines = [re.sub(r"^[│╷╵|]\s?", "", line) for line in printed.splitlines()]
    variables = {name: variable.get("value") for name, variable in plan.get("variables", {}).items()}
    planned = {change["address"]: change["change"].get("after") or {} for change in plan.get("resource_changes", [])}
    found = []
    for part in re.split(r"(?m)^(?=Error: )", "\n".join(lines))[1:]:
        text = " ".join(part.split())
        at = re.search(r"^\s*with (.+?),$", part, re.MULTILINE) or re.search(r"When applying changes to (\S+),", text)
        address = at.group(1) if at else "Terraform"
        values = {key: value for key, value in planned.get(address, {}).items() if value is not None}
        found.append(Complaint(text, address, {"project": variables.get("project"), **values}))
    return found


def explained(complaint: Complaint) -> str | None:
    for known in FAILURES:
        if match := re.search(known.words, complaint.text, re.DOTALL):
            names = {key: value for key, value in match.groupdict().items() if value}
            names = {"project": complaint.project, "owner": complaint.project, **names}
            names |= {"terraform": TERRAFORM, "at": shlex.quote(complaint.address)}
            names |= {"untaint": complaint.untaint, "import_database": complaint.import_database}
            commands = [f"    $ {command.format(**names)}" for command in known.commands]
            return "\n".join([f"  {known.meaning}", *commands])
    return None


def report(found: list[Complaint]) -> list[str]:
    """What is known of these. Several resources often fail for one reason, which is said once."""
    places = {}
    for complaint in found:
        if explanation := explained(complaint):
            places.setdefault(explanation, []).append(complaint.address)
    return [f"{', '.join(addresses)}:\n{explanation}" for explanation, addresses in places.items()]


def read(path: str) -> str:
    return sys.stdin.read() if path == "-" else pathlib.Path(path).read_text(errors="replace")


def main(arguments: list[str]) -> int:
    match arguments:
        case ["-h" | "--help"]:
            print(__doc__)
            return 0
        case [errors] | [errors, _] if errors == "-" or not errors.startswith("-"):
            plan = pathlib.Path(arguments[-1]) if len(arguments) == 2 else None
        case _:
            unknown = [argument for argument in arguments if argument.startswith("-")]
            print(*(f"unknown argument: {argument}" for argument in unknown[:1]), __doc__, sep="\n", file=sys.stderr)
            return 64
    planned = json.loads(plan.read_text()) if plan and plan.exists() else {}
    explanations = report(complaints(read(errors), planned))
    if not explanations:
        print("This failure is not known here: see terraform/README.md, Troubleshooting.")
        return 1
    print("\nWhat this is, and what helps:", *explanations, "Then run it again: what was made stays.", sep="\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
