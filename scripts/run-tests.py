#!/usr/bin/env python3
"""Runs all tests of the workspace. Those that need a tool that is missing are left out, by name.

  run-tests.py LEFT_OUT [TOOL…]   TOOL is missing on this computer; the number of tests that need it is
                                  appended to the file LEFT_OUT

A test that needs a tool says so itself, when it fails without it, by "missing: TOOL." at the start of its
message. Only such a failure counts as left out, and only for the tools named here. Ends with 1 if anything
else failed.
"""

import collections
import re
import subprocess
import sys

COMMAND = ["cargo", "test", "--workspace", "--all-features", "--locked", "--no-fail-fast"]
FAILED = re.compile(r"test (.+) \.\.\. FAILED$")
SECTION = re.compile(r"---- (.+) stdout ----$")
MISSING = re.compile(r"missing: ([\w-]+)\. ")
RESULT = re.compile(r"test result: FAILED\. (\d+) passed; (\d+) failed; (.*)$")
TARGETS = re.compile(r"error: (\d+) targets? failed:$")


class Target:
    """The failures of one test program: their output is held back until it says how it ended."""

    def __init__(self):
        self.failed = []
        self.sections = {}
        self.section = None

    def holds_back(self, line: str) -> bool:
        """Whether this line is about a failure."""
        if match := SECTION.match(line):
            self.section = self.sections.setdefault(match[1], [])
        elif line == "failures:":
            self.section = []
        elif self.section is not None:
            self.section.append(line)
        elif match := FAILED.match(line):
            self.failed.append(match[1])
        else:
            return False
        return True

    def missing(self, test: str, tools: set[str]) -> str | None:
        """The first of these tools that this test said it lacks."""
        said = MISSING.findall("\n".join(self.sections.get(test, [])))
        return next((tool for tool in said if tool in tools), None)


def run(tools: set[str]) -> tuple[collections.Counter, bool]:
    """How many tests lack each tool, and whether all others passed."""
    left_out, excused, failed_targets = collections.Counter(), 0, 0
    target, passed = Target(), True
    cargo = subprocess.Popen(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    for line in map(str.rstrip, cargo.stdout):
        if match := RESULT.match(line):
            lacking = {test: target.missing(test, tools) for test in target.failed}
            left_out.update(filter(None, lacking.values()))
            passed = show(target, lacking, match)
            excused += passed
            target = Target()
        elif not target.holds_back(line):
            if match := TARGETS.match(line):
                failed_targets = int(match[1])
            if not (passed and line.startswith("error: test failed, to rerun")):
                print(line, flush=True)
    # A test program that crashed, or code that does not compile, has no result that could excuse it.
    return left_out, cargo.wait() == 0 or 0 < failed_targets == excused


def show(target: Target, lacking: dict[str, str | None], result: re.Match) -> bool:
    """Prints how the target ended; whether nothing but left-out tests failed."""
    failures = [test for test, tool in lacking.items() if tool is None]
    for test, tool in lacking.items():
        print(f"test {test} ... left out: {tool} is missing" if tool else f"test {test} ... FAILED")
    for test in failures:
        print("", f"---- {test} ----", *target.sections.get(test, []), sep="\n")
    rest = re.sub(r"^\d+ ignored", f"{len(lacking) - len(failures)} ignored", result[3])
    outcome = "FAILED" if failures else "ok"
    print(f"\ntest result: {outcome}. {result[1]} passed; {len(failures)} failed; {rest}", flush=True)
    return not failures and len(lacking) == int(result[2])


def main(arguments: list[str]) -> int:
    match arguments:
        case [file, *tools] if not any(argument.startswith("-") for argument in arguments):
            left_out, passed = run(set(tools))
            with open(file, "a", encoding="utf-8") as report:
                for tool, count in sorted(left_out.items()):
                    print(f"{count} tests\t{tool}", file=report)
            return 0 if passed else 1
        case ["-h" | "--help"]:
            print(__doc__)
            return 0
        case _:
            unknown = [argument for argument in arguments if argument.startswith("-")]
            print(*(f"unknown argument: {argument}" for argument in unknown[:1]), __doc__, sep="\n", file=sys.stderr)
            return 64


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
