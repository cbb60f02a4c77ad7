#!/usr/bin/env python3
"""Prints a software bill of materials (SBOM) in CycloneDX's format, of the list that list-crates.py printed. Needs nothing
but Python.

  sbom.py PROGRAM VERSION CRATES     such as sbom.py signup v1.2.3 target/images/signup.crates.json

What a program is built with and does not contain is left out. The same list gives the same bytes.
"""

import json
import pathlib
import sys

CRATES_IO = "crates.io"


def component(crate: dict) -> dict:
    """A crate as a component. Those of other sources have no address by which scanners know them."""
    described = {"type": "library", "name": crate["name"], "version": crate["version"], "bom-ref": reference(crate)}
    if crate.get("source") in (CRATES_IO, "registry"):
        described["purl"] = f"pkg:cargo/{crate['name']}@{crate['version']}"
    return described


def reference(crate: dict) -> str:
    return f"{crate['name']}@{crate['version']}"


def bill(program: str, version: str, crates: list[dict]) -> dict:
    # `kind` is left out of a list where it is the usual one: what the program contains.
    contained = [index for index, crate in enumerate(crates) if crate.get("kind", "runtime") == "runtime"]
    root = next((index for index in contained if crates[index].get("root")), None)
    if root is None:
        sys.exit(f"the list of {program} names no crate as the program itself")
    described = {"type": "application", "name": program, "version": version, "bom-ref": reference(crates[root])}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": described},
        "components": [component(crates[index]) for index in contained if index != root],
        "dependencies": [
            {
                "ref": reference(crates[index]),
                "dependsOn": sorted(reference(crates[on]) for on in crates[index].get("dependencies", []) if on in contained),
            }
            for index in contained
        ],
    }


def main(arguments: list[str]) -> int:
    match arguments:
        case ["-h" | "--help"]:
            print(__doc__)
            return 0
        case [program, version, crates] if not program.startswith("-"):
            listed = json.loads(pathlib.Path(crates).read_text())["packages"]
        case _:
            unknown = [argument for argument in arguments if argument.startswith("-")]
            print(*(f"unknown argument: {argument}" for argument in unknown[:1]), __doc__, sep="\n", file=sys.stderr)
            return 64
    print(json.dumps(bill(program, version, listed), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
