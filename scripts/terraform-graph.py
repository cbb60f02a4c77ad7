#!/usr/bin/env python3
"""Reads what `terraform graph` says and names each resource that could be made before the APIs are enabled and have been
waited for. Needs nothing but Python.

  terraform -chdir=terraform graph | terraform-graph.py     ends with 1 if there is any
"""

import re
import sys

WAIT = re.compile(r"(.+\.)?time_sleep\.apis$")
# The APIs themselves; whose state this is; and the project's number, which a plan asks for.
BEFORE = re.compile(r"(.+\.)?(google_project_service\.main|terraform_data\.deployment|data\.google_project\.main)$")
# The nodes of resources. Those of modules, and the frames around them, are none.
RESOURCE = re.compile(r'^\s*"([^"]+\.)?((?:data\.)?[a-z0-9_]+\.[A-Za-z0-9_-]+)" \[label="\2"')
EDGE = re.compile(r'^\s*"([^"]+)" -> "([^"]+)"')


def read(lines):
    """The resources, and what each needs."""
    resources, needs = set(), {}
    for line in lines:
        if match := RESOURCE.match(line):
            if not match[2].startswith("module."):
                resources.add((match[1] or "") + match[2])
        elif match := EDGE.match(line):
            needs.setdefault(match[1], set()).add(match[2])
    return resources, needs


def waits(resource, needs):
    seen, ahead = set(), [resource]
    while ahead:
        node = ahead.pop()
        if WAIT.match(node):
            return True
        if node not in seen:
            seen.add(node)
            ahead += needs.get(node, ())
    return False


def main(arguments):
    match arguments:
        case ["-h" | "--help"]:
            print(__doc__)
            return 0
        case []:
            resources, needs = read(sys.stdin)
        case _:
            print(f"unknown argument: {arguments[0]}", __doc__, sep="\n", file=sys.stderr)
            return 64
    early = sorted(name for name in resources if not BEFORE.match(name) and not waits(name, needs))
    if not any(WAIT.match(name) for name in resources):
        print("There is no time_sleep.apis: is this what `terraform graph` says?", file=sys.stderr)
        return 1
    for name in early:
        print(f"{name} does not wait for time_sleep.apis", file=sys.stderr)
    return 1 if early else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
